//! Payloads for attachments, spaces, users, themes and blueprints.

use serde::Serialize;

use super::addresses;
use super::content::{ContentPayload, home_page};
use crate::models::snapshot::{Attachment, Person, Snapshot, Space, Theme};

/// An attachment. By default, only its id.
#[derive(Serialize)]
pub(super) struct AttachmentPayload<'a> {
    id: i64,
    #[serde(flatten)]
    details: Option<AttachmentDetails<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttachmentDetails<'a> {
    file_name: &'a str,
    version: u32,
    comment: &'static str,
    file_size: i64,
    creator_key: String,
    creation_date: i64,
    last_modifier_key: String,
    modification_date: i64,
    #[serde(rename = "self")]
    address: String,
}

/// A space. Unlike other payloads, it is not only an id by default.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SpacePayload<'a> {
    id: i64,
    #[serde(flatten)]
    details: Option<SpaceDetails<'a>>,
    home_page: ContentPayload<'a>,
    creator_key: String,
    creation_date: i64,
    last_modifier_key: String,
    modification_date: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SpaceDetails<'a> {
    key: &'a str,
    title: &'a str,
    description: &'a str,
    is_personal_space: bool,
    #[serde(rename = "self")]
    address: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserPayload<'a> {
    user_key: String,
    #[serde(flatten)]
    details: Option<UserDetails<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserDetails<'a> {
    email: String,
    full_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ThemePayload<'a> {
    global: bool,
    space_key: &'a str,
    old_theme_key: &'a str,
    new_theme_key: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BlueprintPayload<'a> {
    id: &'static str,
    index_key: &'static str,
    space_key: &'a str,
    i18n_name_key: &'static str,
    #[serde(rename = "indexTitleI18nKey")]
    index_title_i18n_key: &'static str,
    module_complete_key: &'static str,
    create_result: &'static str,
    how_to_use_template: &'static str,
}

pub(super) fn attachment_payload<'a>(snapshot: &Snapshot<'a>, attachment: &'a Attachment) -> AttachmentPayload<'a> {
    let Attachment { meta, name, size, .. } = attachment;
    let details = snapshot.options.is_full.then(|| AttachmentDetails {
        file_name: name,
        version: meta.version.number,
        comment: meta.version.message,
        file_size: *size,
        creator_key: meta.creator.user_key(),
        creation_date: meta.created,
        last_modifier_key: meta.version.by.user_key(),
        modification_date: meta.version.when,
        address: addresses::attachment(snapshot, attachment),
    });
    AttachmentPayload { id: meta.id, details }
}

pub(super) fn space_payload<'a>(snapshot: &Snapshot<'a>, space: &'a Space) -> SpacePayload<'a> {
    let is_full = snapshot.options.is_full;
    let details = is_full.then(|| SpaceDetails {
        key: &space.key,
        title: &space.name,
        description: &space.description,
        is_personal_space: space.is_personal,
        address: addresses::space(snapshot),
    });
    SpacePayload {
        id: space.id,
        details,
        home_page: home_page(snapshot, space),
        creator_key: space.creator.user_key(),
        creation_date: space.created,
        last_modifier_key: space.modifier.user_key(),
        modification_date: space.modified,
    }
}

pub(super) fn user_payload<'a>(snapshot: &Snapshot<'_>, person: &'a Person) -> UserPayload<'a> {
    let details = snapshot.options.is_full.then(|| {
        let letters = |word: &str| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let words: Vec<_> = person.name.split(' ').map(letters).filter(|word| !word.is_empty()).collect();
        let name = if words.is_empty() { person.user_key() } else { words.join(".") };
        UserDetails { email: format!("{name}@example.com"), full_name: &person.name }
    });
    UserPayload { user_key: person.user_key(), details }
}

pub(super) fn theme_payload<'a>(snapshot: &Snapshot<'a>, theme: &Theme) -> ThemePayload<'a> {
    let Theme { is_global, old_key, new_key, .. } = theme;
    let space_key = if *is_global { "" } else { &snapshot.space.key };
    ThemePayload { global: *is_global, space_key, old_theme_key: old_key, new_theme_key: new_key }
}

pub(super) fn blueprint_payload(space: &Space) -> BlueprintPayload<'_> {
    BlueprintPayload {
        id: "3a1e2c54-0000-4000-8000-000000000001",
        index_key: "meeting-notes",
        space_key: &space.key,
        i18n_name_key: "example.blueprint.name",
        index_title_i18n_key: "",
        module_complete_key: "com.example.blueprints:meeting-notes-blueprint",
        create_result: "",
        how_to_use_template: "",
    }
}
