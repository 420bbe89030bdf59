//! The parameters of a launch (LTI 1.1 implementation guide, section 3).

use serde::Deserialize;

/// The parameters of a launch that this tool uses.
#[derive(Deserialize)]
pub(crate) struct Launch {
    lti_message_type: String,
    lti_version: String,
    pub(crate) resource_link_id: String,
    pub(crate) user_id: Option<String>,
    roles: Option<String>,
    pub(crate) lis_person_name_full: Option<String>,
    pub(crate) context_id: Option<String>,
    pub(crate) context_title: Option<String>,
}

impl Launch {
    /// Checks that this is a launch of LTI 1.
    ///
    /// # Errors
    /// Returns a text that describes what is missing or wrong.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if self.lti_message_type != "basic-lti-launch-request" {
            return Err("lti_message_type is not basic-lti-launch-request");
        }
        if self.lti_version != "LTI-1p0" {
            return Err("lti_version is not LTI-1p0");
        }
        if self.resource_link_id.is_empty() { Err("resource_link_id is empty") } else { Ok(()) }
    }

    /// Returns the roles: short names and whole URNs, such as `Instructor` and
    /// `urn:lti:instrole:ims/lis/Student`.
    pub(crate) fn roles(&self) -> impl Iterator<Item = &str> {
        let roles = self.roles.as_deref().unwrap_or_default();
        roles.split(',').map(str::trim).filter(|role| !role.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch() -> Launch {
        Launch {
            lti_message_type: "basic-lti-launch-request".to_owned(),
            lti_version: "LTI-1p0".to_owned(),
            resource_link_id: "1".to_owned(),
            user_id: None,
            roles: Some("Learner, urn:lti:sysrole:ims/lis/User,".to_owned()),
            lis_person_name_full: None,
            context_id: None,
            context_title: None,
        }
    }

    #[test]
    fn reads_the_roles() {
        assert!(launch().roles().eq(["Learner", "urn:lti:sysrole:ims/lis/User"]));
    }

    #[test]
    fn names_what_is_wrong() {
        let other = || "other".to_owned();
        assert_eq!(launch().check(), Ok(()));
        for (launch, reason) in [
            (
                Launch { lti_message_type: other(), ..launch() },
                "lti_message_type is not basic-lti-launch-request",
            ),
            (Launch { lti_version: other(), ..launch() }, "lti_version is not LTI-1p0"),
            (Launch { resource_link_id: String::new(), ..launch() }, "resource_link_id is empty"),
        ] {
            assert_eq!(launch.check(), Err(reason));
        }
    }
}
