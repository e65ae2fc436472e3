//! The maximum numbers of objects in a story at a time.

pub(super) const SPACES: usize = 10;
/// Pages, blog posts and other content.
pub(super) const CONTENTS: usize = 200;
/// Each other type of content, such as whiteboards and folders.
pub(super) const OTHERS: usize = 20;
/// Content in the trash. With more, too little active content would be left.
pub(super) const TRASHED: usize = 100;
/// Archived content.
pub(super) const ARCHIVED: usize = 30;
pub(super) const COMMENTS: usize = 300;
pub(super) const ATTACHMENTS: usize = 150;
/// Trashed comments, and trashed or archived attachments.
pub(super) const SET_ASIDE: usize = 50;
pub(super) const TASKS: usize = 50;
/// Different labels.
pub(super) const LABELS: usize = 150;
/// Uses of labels on content.
pub(super) const USES: usize = 400;
/// Users that were created in the story.
pub(super) const ACCOUNTS: usize = 30;
pub(super) const GROUPS: usize = 15;
pub(super) const RELATIONS: usize = 60;
