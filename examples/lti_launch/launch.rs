//! What a launch says (LTI 1.1 implementation guide, section 3).

/// The fields of a launch whose signature is right.
pub(crate) struct Launch(Vec<(String, String)>);

impl Launch {
    /// Reads the fields.
    ///
    /// # Errors
    /// If it is no launch of LTI 1: what is missing or wrong.
    pub(crate) fn read(fields: Vec<(String, String)>) -> Result<Self, &'static str> {
        let launch = Self(fields);
        if launch.get("lti_message_type") != Some("basic-lti-launch-request") {
            return Err("lti_message_type is not basic-lti-launch-request");
        }
        if launch.get("lti_version") != Some("LTI-1p0") {
            return Err("lti_version is not LTI-1p0");
        }
        if launch.get("resource_link_id").is_none_or(str::is_empty) {
            return Err("resource_link_id is missing");
        }
        Ok(launch)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(present, _)| present == name).map(|(_, value)| value.as_str())
    }

    /// Short names and whole URNs, such as `Instructor` and `urn:lti:instrole:ims/lis/Student`.
    pub(crate) fn roles(&self) -> impl Iterator<Item = &str> {
        self.get("roles").unwrap_or_default().split(',').map(str::trim).filter(|role| !role.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_launch_is_said() {
        let good = [
            ("lti_message_type", "basic-lti-launch-request"),
            ("lti_version", "LTI-1p0"),
            ("resource_link_id", "1"),
            ("roles", "Learner, urn:lti:sysrole:ims/lis/User,"),
        ];
        let read = |fields: &[(&str, &str)]| {
            Launch::read(fields.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect())
        };
        let launch = read(&good);
        assert!(launch.is_ok_and(|launch| launch.roles().eq(["Learner", "urn:lti:sysrole:ims/lis/User"])));
        for (at, reason) in [
            (0, "lti_message_type is not basic-lti-launch-request"),
            (1, "lti_version is not LTI-1p0"),
            (2, "resource_link_id is missing"),
        ] {
            for value in ["", "other"] {
                let mut fields = good;
                fields[at].1 = value;
                let is_an_id = at == 2 && !value.is_empty();
                assert_eq!(read(&fields).err(), (!is_an_id).then_some(reason));
            }
        }
    }
}
