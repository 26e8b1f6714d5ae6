//! What is ipc's own about listening.

use std::fs;
use std::os::unix::net::UnixListener;
use std::path::Path;

use ferromq_core::{
    Connection, Endpoint, LinkOptions, Listener, Stream, Transport, TransportError,
};
use ferromq_transport_ipc::{Ipc, IpcOptions};
use tokio::io::AsyncReadExt;

use crate::{Folder, with};

async fn bind(at: &Endpoint, options: &LinkOptions) -> Box<dyn Listener> {
    let bound = Ipc.bind(at, options).await;
    bound.unwrap_or_else(|error| panic!("{error}"))
}

async fn bind_error(at: &Endpoint) -> TransportError {
    let bound = Ipc.bind(at, &LinkOptions::default()).await;
    bound.err().unwrap_or_else(|| panic!("bound to {at}"))
}

async fn connect(at: &Endpoint) -> Stream {
    match Ipc.connect(at, &LinkOptions::default()).await {
        Ok(Connection::Stream(stream)) => stream,
        Ok(_) => panic!("not a stream"),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn the_wildcard_makes_a_folder_that_goes_with_the_listener() {
    let wildcard = Endpoint::new("ipc", "*");
    let options = LinkOptions::default();
    let first = bind(&wildcard, &options).await;
    let second = bind(&wildcard, &options).await;
    assert_ne!(first.local_endpoint(), second.local_endpoint());
    let path = Path::new(first.local_endpoint().address()).to_owned();
    assert!(path.exists());
    let near = connect(first.local_endpoint()).await;
    drop((first, near));
    assert!(!path.exists() && !path.parent().is_some_and(Path::exists));
}

/// Linux keeps one more than asked for, and turns others away at once.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn so_many_wait_to_be_accepted() {
    let folder = Folder::new();
    for backlog in [1, 4] {
        let at = folder.endpoint(&format!("backlog{backlog}"));
        let _listener = bind(&at, &with(IpcOptions::new().backlog(backlog))).await;
        let connect = || {
            let socket = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None);
            let socket = socket.expect("a socket");
            socket.set_nonblocking(true).expect("a flag");
            let address = socket2::SockAddr::unix(at.address()).expect("a path");
            socket.connect(&address).map(|()| socket).ok()
        };
        let waiting: Vec<_> = (0..10).map_while(|_| connect()).collect();
        assert_eq!(waiting.len(), backlog as usize + 1);
    }
}

#[tokio::test]
async fn a_file_stays_when_its_listener_goes() {
    let (folder, options) = (Folder::new(), LinkOptions::default());
    let at = folder.endpoint("socket");
    drop(bind(&at, &options).await);
    assert!(folder.path().join("socket").exists());
    match Ipc.connect(&at, &options).await {
        Err(TransportError::Refused(refused)) => assert_eq!(refused, at),
        _ => panic!("somebody listens at {at}"),
    }
    let again = bind(&at, &options).await;
    drop(connect(again.local_endpoint()).await);
}

#[tokio::test]
async fn whoever_binds_last_has_the_path() {
    let (folder, options) = (Folder::new(), LinkOptions::default());
    let at = folder.endpoint("socket");
    let first = bind(&at, &options).await;
    let early = connect(&at).await;
    let second = bind(&at, &options).await;
    let late = connect(&at).await;
    for listener in [first, second] {
        drop(
            listener
                .accept()
                .await
                .unwrap_or_else(|error| panic!("{error}")),
        );
    }
    drop((early, late));
}

#[tokio::test]
async fn what_is_no_socket_is_never_removed() {
    let folder = Folder::new();
    let file = folder.path().join("file");
    fs::write(&file, "precious").expect("a file");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&file, &link).expect("a link");
    for name in ["file", "link", "."] {
        let error = bind_error(&folder.endpoint(name)).await;
        assert!(
            matches!(error, TransportError::AddressInUse(_)),
            "{error:?}"
        );
    }
    assert_eq!(
        fs::read_to_string(&link).expect("both are there"),
        "precious"
    );
}

#[tokio::test]
async fn what_cannot_be_bound_says_why() {
    let folder = Folder::new();
    let at = folder.endpoint("nosuchfolder/socket");
    let error = bind_error(&at).await;
    assert!(matches!(error, TransportError::NotFound(_)), "{error:?}");
    assert!(error.to_string().starts_with(at.as_str()), "{error}");
    let error = bind_error(&folder.endpoint(&"a".repeat(108))).await;
    assert!(matches!(error, TransportError::PathTooLong(_)), "{error:?}");
    let error = bind_error(&Endpoint::new("ipc", "@")).await;
    assert!(matches!(error, TransportError::Endpoint(_)), "{error:?}");
}

#[tokio::test]
async fn what_is_forbidden_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, options) = (Folder::new(), LinkOptions::default());
    let at = folder.endpoint("socket");
    let _listener = bind(&at, &options).await;
    let forbid = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o555));
    forbid(&folder.path().join("socket")).expect("a socket that is only read");
    forbid(folder.path()).expect("a folder that is only read");
    if fs::write(folder.path().join("probe"), "").is_ok() {
        // Nothing is forbidden to root.
        return;
    }
    for at in [&at, &folder.endpoint("new")] {
        let error = bind_error(at).await;
        assert!(
            matches!(error, TransportError::PermissionDenied(_)),
            "{error:?}"
        );
    }
    let connected = Ipc.connect(&at, &options).await;
    assert!(matches!(
        connected,
        Err(TransportError::PermissionDenied(_))
    ));
}

#[tokio::test]
async fn a_peer_is_known_by_its_credentials() {
    let folder = Folder::new();
    let at = folder.endpoint("socket");
    let listener = bind(&at, &LinkOptions::default()).await;
    let near = connect(&at).await;
    let Ok(Connection::Stream(far)) = listener.accept().await else {
        panic!("nobody came");
    };
    assert_eq!(near.peer_address, far.peer_address);
    let numbers: Vec<_> = far.peer_address.split(':').collect();
    let [host, user, group, process] = numbers[..] else {
        panic!("{}", far.peer_address);
    };
    use std::os::unix::fs::MetadataExt;
    let own = fs::metadata(folder.path()).expect("a folder of this process");
    assert_eq!((host, user), ("localhost", &*own.uid().to_string()));
    assert!(group.parse::<u32>().is_ok());
    assert_eq!(process, std::process::id().to_string());
}

#[tokio::test]
async fn filters_keep_peers_out() {
    let folder = Folder::new();
    let at = folder.endpoint("socket");
    let own = std::process::id() as i32;
    let listener = bind(&at, &with(IpcOptions::new().accept_process(own + 1))).await;
    let mut near = connect(&at).await;
    let Err(error) = listener.accept().await else {
        panic!("the filter has let a peer in");
    };
    assert!(error.to_string().contains("ZMQ_IPC_FILTER"), "{error}");
    assert!(!matches!(near.reader.read(&mut [0]).await, Ok(1..)));
    let options = IpcOptions::new()
        .accept_process(own + 1)
        .accept_process(own);
    let listener = bind(&at, &with(options)).await;
    let _near = connect(&at).await;
    drop(
        listener
            .accept()
            .await
            .unwrap_or_else(|error| panic!("{error}")),
    );
}

#[tokio::test]
async fn a_listener_can_be_brought_along() {
    let folder = Folder::new();
    let at = folder.endpoint("socket");
    let socket = UnixListener::bind(at.address()).expect("a listener");
    let options = with(IpcOptions::new().listener(socket));
    let listener = bind(&folder.endpoint("elsewhere"), &options).await;
    assert_eq!(*listener.local_endpoint(), at);
    let _near = connect(&at).await;
    drop(
        listener
            .accept()
            .await
            .unwrap_or_else(|error| panic!("{error}")),
    );
}
