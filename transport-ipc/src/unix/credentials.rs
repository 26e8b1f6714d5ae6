//! Who a peer is, as the system knows it, and whether it may come in.

use std::fmt;
use std::fs;
use std::io;

use tokio::net::UnixStream;

use crate::options::IpcOptions;

/// The user, group and process that have connected, or have listened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) user: u32,
    pub(crate) group: u32,
    /// Not every system tells.
    pub(crate) process: Option<i32>,
}

impl Credentials {
    pub(crate) fn of_peer(stream: &UnixStream) -> io::Result<Self> {
        let peer = stream.peer_cred()?;
        Ok(Self {
            user: peer.uid(),
            group: peer.gid(),
            process: peer.pid(),
        })
    }

    /// Whether the options let it in.
    pub(crate) fn pass(&self, options: &IpcOptions) -> bool {
        let IpcOptions {
            users,
            groups,
            processes,
            ..
        } = options;
        let everybody = users.is_empty() && groups.is_empty() && processes.is_empty();
        everybody
            || users.contains(&self.user)
            || groups.contains(&self.group)
            || self
                .process
                .is_some_and(|process| processes.contains(&process))
            || self.is_member(groups)
    }

    /// Whether the user is listed as a member of one of the groups. What cannot be
    /// read lists nobody.
    fn is_member(&self, groups: &[u32]) -> bool {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        !groups.is_empty() && lists(&read("/etc/passwd"), &read("/etc/group"), self.user, groups)
    }
}

/// As libzmq writes it, for "Peer-Address" and for ZAP.
impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "localhost:{}:{}:", self.user, self.group)?;
        match self.process {
            Some(process) => write!(f, "{process}"),
            None => Ok(()),
        }
    }
}

/// Whether one of the groups lists the user, by the texts of
/// [passwd(5)](https://man7.org/linux/man-pages/man5/passwd.5.html) and
/// [group(5)](https://man7.org/linux/man-pages/man5/group.5.html).
fn lists(passwd: &str, group: &str, user: u32, groups: &[u32]) -> bool {
    // Both begin with name:password:number; a group goes on with :member,member.
    let name = passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let number: u32 = fields.nth(1)?.parse().ok()?;
        (number == user).then_some(name)
    });
    let Some(name) = name else {
        return false;
    };
    group.lines().any(|line| {
        let mut fields = line.split(':').skip(2);
        let number = fields.next().and_then(|number| number.parse().ok());
        let members = fields.next().unwrap_or_default();
        number.is_some_and(|number: u32| groups.contains(&number))
            && members.split(',').any(|member| member == name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: Credentials = Credentials {
        user: 1000,
        group: 100,
        process: Some(42),
    };

    #[test]
    fn it_is_written_as_libzmq_writes_it() {
        assert_eq!(PEER.to_string(), "localhost:1000:100:42");
        let unknown = Credentials {
            process: None,
            ..PEER
        };
        assert_eq!(unknown.to_string(), "localhost:1000:100:");
    }

    #[test]
    fn filters_add_up() {
        let options = IpcOptions::new;
        for (options, passes) in [
            (options(), true),
            (options().accept_user(1000), true),
            (options().accept_user(1001), false),
            (options().accept_user(1001).accept_group(100), true),
            (options().accept_process(43), false),
            (options().accept_process(43).accept_process(42), true),
        ] {
            assert_eq!(PEER.pass(&options), passes, "{options:?}");
        }
        let unknown = Credentials {
            process: None,
            ..PEER
        };
        assert!(!unknown.pass(&options().accept_process(42)));
    }

    #[test]
    fn groups_list_their_members() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\n\nann:x:1000:100::/home/ann:/bin/sh\n";
        let group = "root:x:0:\nsudo:x:27:bob,ann\nusers:x:100:\nbroken:x\n:::\nann:x:1000:bob";
        assert!(lists(passwd, group, 1000, &[1, 27]));
        assert!(!lists(passwd, group, 1000, &[0, 100, 1000]));
        assert!(!lists(passwd, group, 0, &[27]));
        assert!(!lists(passwd, group, 7, &[27]));
        assert!(!lists("", "", 1000, &[27]));
    }
}
