//! DGRAM: messages with the address that they come from or go to.

use super::*;

async fn dgram() -> (Box<dyn Listener>, Link) {
    bind(SocketType::Dgram, "udp://127.0.0.1:*", UdpOptions::new()).await
}

#[tokio::test]
async fn a_message_tells_where_it_comes_from() {
    let ((first, mut one), (second, mut other)) = (dgram().await, dgram().await);
    let (first, second) = (
        first.local_endpoint().address(),
        second.local_endpoint().address(),
    );
    assert_eq!(send(&mut one, [second, "knock"]).await, Ok(()));
    let knock = receive(&mut other).await.expect("a message");
    assert_eq!(
        (knock.head(), knock.body()),
        (first.as_bytes(), &b"knock"[..])
    );

    let from = std::str::from_utf8(knock.head()).expect("an address");
    assert_eq!(send(&mut other, [from, "who is there?"]).await, Ok(()));
    let answer = receive(&mut one).await.expect("a message");
    assert_eq!(
        (answer.head(), answer.body()),
        (second.as_bytes(), &b"who is there?"[..])
    );
}

#[tokio::test]
async fn what_has_no_address_is_lost() {
    let (_, mut link) = dgram().await;
    for address in ["", "nonsense", "127.0.0.1", "127.0.0.1:0", "localhost:5"] {
        assert_eq!(
            send(&mut link, [address, "body"]).await,
            Err(Loss::NoAddress)
        );
    }
    let long = "b".repeat(8193);
    let sent = send(&mut link, ["127.0.0.1:5", &long]).await;
    assert_eq!(sent, Err(Loss::TooLongToSend));
}

#[tokio::test]
async fn what_the_system_refuses_is_lost() {
    let (_, mut link) = dgram().await;
    // A socket of IPv4 reaches no address of IPv6.
    let sent = send(&mut link, ["[::1]:5", "body"]).await;
    assert!(matches!(sent, Err(Loss::NotSent(_))), "{sent:?}");
}

#[tokio::test]
async fn a_member_of_a_group_hears_who_sends_to_it() {
    let at = "udp://127.0.0.1;239.255.70.4:*";
    let (bound, mut member) = bind(SocketType::Dgram, at, UdpOptions::new()).await;
    let group = bound.local_endpoint().address();
    let group = group.rsplit(';').next().expect("a group");
    let at = "udp://127.0.0.1:*";
    let (sender, mut link) = bind(SocketType::Dgram, at, UdpOptions::new()).await;
    if send(&mut link, [group, "to the group"]).await.is_err() {
        // The system knows no way to the group but the one by the loopback.
        return;
    }
    // It may have chosen another interface than the loopback, so that this may be the first.
    let direct = group.replace("239.255.70.4", "127.0.0.1");
    assert_eq!(send(&mut link, [&direct, "to the member"]).await, Ok(()));
    let first = receive(&mut member).await.expect("a message");
    assert_eq!(first.head(), sender.local_endpoint().address().as_bytes());
}
