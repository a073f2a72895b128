//! Profiles by name.
//! In: a name as written. Out: the profile, or a mistake that lists the names.

use vetch_core::Profile;

use crate::request_description::{Mistakes, nearest, or};

/// The profile of that name.
pub(crate) fn by_name(name: &str) -> Result<Profile, Mistakes> {
    Profile::by_name(name).ok_or_else(|| {
        let names = Profile::ALL.map(|profile| profile.name);
        let meant = nearest(name, names).unwrap_or_default();
        let fix = match meant {
            "" => or(&names),
            meant => meant.to_owned(),
        };
        Mistakes::one("--profile", format!("{name:?} is not known; use {fix}"))
    })
}
