//! What anybody may send.

use std::net::UdpSocket;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// The longest datagram that the system sends, as it is set to.
const LONGEST: usize = if cfg!(target_vendor = "apple") {
    9216
} else {
    65_507
};

/// A datagram, and what becomes of it in a DISH.
fn expected(datagram: &[u8]) -> Result<Message, Loss> {
    let (length, rest) = datagram.split_first().ok_or(Loss::NoGroup)?;
    if datagram.len() > 8192 {
        return Err(Loss::TooLongToReceive);
    }
    let group = rest
        .split_at_checked(usize::from(*length))
        .ok_or(Loss::GroupCut)?;
    Ok(Message::from_frames([group.0.to_vec(), group.1.to_vec()]))
}

async fn check(datagrams: Vec<Vec<u8>>) {
    let (bound, mut dish) = bind(SocketType::Dish, "udp://127.0.0.1:*", UdpOptions::new()).await;
    let (other, mut dgram) = bind(SocketType::Dgram, "udp://127.0.0.1:*", UdpOptions::new()).await;
    let anybody = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    for datagram in datagrams {
        let sent = anybody.send_to(&datagram, bound.local_endpoint().address());
        assert_eq!(sent.expect("the loopback takes it"), datagram.len());
        assert_eq!(receive(&mut dish).await, expected(&datagram));

        let sent = anybody.send_to(&datagram, other.local_endpoint().address());
        assert_eq!(sent.expect("the loopback takes it"), datagram.len());
        let received = receive(&mut dgram).await;
        match datagram.len() <= 8192 {
            true => assert_eq!(received.expect("a message").body(), datagram),
            false => assert_eq!(received, Err(Loss::TooLongToReceive)),
        }
    }
}

#[tokio::test]
async fn each_length_of_a_group_is_read_as_what_it_is() {
    let groups = (0..=255_u8).flat_map(|length| {
        let exact = 1 + usize::from(length);
        [1, exact.saturating_sub(1), exact, exact + 1].map(|size| {
            let mut datagram = vec![b'x'; size];
            if let Some(first) = datagram.first_mut() {
                *first = length;
            }
            datagram
        })
    });
    check(groups.collect()).await;
}

#[tokio::test]
async fn datagrams_of_every_size_are_taken_or_lost() {
    let sizes = [0, 1, 2, 8191, 8192, 8193, 9000, LONGEST - 1, LONGEST];
    check(sizes.map(|size| vec![1; size]).to_vec()).await;
}

#[tokio::test]
async fn who_wants_it_takes_the_longest_there_are() {
    let largest = || UdpOptions::new().max_datagram(LONGEST).expect("in range");
    let (bound, mut dish) = bind(SocketType::Dish, "udp://127.0.0.1:*", largest()).await;
    let mut radio = connect(bound.local_endpoint(), largest()).await;
    exchange(&mut radio, &mut dish, &"b".repeat(LONGEST - 6)).await;
    let long = "b".repeat(LONGEST - 5);
    assert_eq!(
        send(&mut radio, ["group", &long]).await,
        Err(Loss::TooLongToSend)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    #[test]
    fn anything_is_a_message_or_a_loss(
        datagrams in vec(prop_oneof![vec(any::<u8>(), 0..400), (any::<u8>(), 0..=LONGEST).prop_map(|(byte, size)| vec![byte; size])], 1..10)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(check(datagrams));
    }
}
