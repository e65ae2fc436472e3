//! How much exists at a time in a story, at most.

pub(super) const SPACES: usize = 10;
/// Pages and blog posts. Other content takes room from them.
pub(super) const CONTENTS: usize = 200;
/// Of each other kind of content: whiteboards, folders and so on.
pub(super) const OTHERS: usize = 20;
/// Content in the trash. More would leave no room for the rest.
pub(super) const TRASHED: usize = 100;
/// Content in the archive.
pub(super) const ARCHIVED: usize = 30;
pub(super) const COMMENTS: usize = 300;
pub(super) const ATTACHMENTS: usize = 150;
/// Comments in the trash; attachments in the trash or in the archive.
pub(super) const SET_ASIDE: usize = 50;
pub(super) const TASKS: usize = 50;
/// Names of labels.
pub(super) const LABELS: usize = 150;
/// Labels on content.
pub(super) const USES: usize = 400;
/// Accounts that were created in the story.
pub(super) const ACCOUNTS: usize = 30;
pub(super) const GROUPS: usize = 15;
pub(super) const RELATIONS: usize = 60;
