//! Endpoints of all forms.

use std::net::TcpListener;
use std::time::Duration;

use ferromq::SocketType::{Pull, Push, Req, Router, Sub, XPub};

use super::{both_ways, chapter};
use crate::event::Happening;
use crate::failure::{Outcome, ensure_eq};
use crate::frames::frame;
use crate::lab::{Lab, Transport, abstract_name};
use crate::option::{Opt, Setting};
use crate::peer::{PeerExt, Sent, await_subscription, until};

chapter!("Addresses":
    abstract_names_are_the_same_to_both,
    wildcards_of_ipc_say_where_they_are,
    hosts_have_names,
    all_interfaces_are_reached_by_each,
    ipv6_is_spoken_where_the_machine_has_it,
    a_source_address_is_kept_to,
    connecting_twice_makes_one_connection_or_two_as_in_libzmq,
    a_hundred_clients_come_and_go,
    one_socket_has_many_endpoints,
);

/// One binds, and says where; the other connects to what the address makes of it.
fn reach(
    lab: &Lab,
    settings: &[Setting],
    bound: &str,
    address: impl Fn(&str) -> String,
) -> Outcome {
    both_ways(|ours| {
        let pull = lab.either(ours, Pull, settings)?;
        let endpoint = pull.bind(bound)?;
        let push = lab.either(!ours, Push, settings)?;
        push.connect(&address(&endpoint))?;
        push.put(&frame("hello"))?;
        pull.expect(&frame("hello"))
    })
}

fn port(endpoint: &str) -> &str {
    endpoint.rsplit(':').next().unwrap_or_default()
}

fn abstract_names_are_the_same_to_both(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let name = abstract_name();
        let pull = lab.either(ours, Pull, &[])?;
        let endpoint = pull.bind(&name)?;
        ensure_eq!(endpoint, name);
        let push = lab.either(!ours, Push, &[])?;
        push.connect(&name)?;
        push.put(&frame("hello"))?;
        pull.expect(&frame("hello"))
    })
}

fn wildcards_of_ipc_say_where_they_are(lab: &Lab) -> Outcome {
    reach(lab, &[], "ipc://*", str::to_owned)
}

fn hosts_have_names(lab: &Lab) -> Outcome {
    let named = |endpoint: &str| format!("tcp://localhost:{}", port(endpoint));
    reach(lab, &[], "tcp://127.0.0.1:*", named)
}

fn all_interfaces_are_reached_by_each(lab: &Lab) -> Outcome {
    let local = |endpoint: &str| format!("tcp://127.0.0.1:{}", port(endpoint));
    reach(lab, &[], "tcp://*:*", local)?;
    let other = |endpoint: &str| format!("tcp://127.0.0.2:{}", port(endpoint));
    reach(lab, &[], "tcp://0.0.0.0:0", other)
}

fn ipv6_is_spoken_where_the_machine_has_it(lab: &Lab) -> Outcome {
    if TcpListener::bind("[::1]:0").is_err() {
        return Ok(());
    }
    let settings = [Opt::Ipv6.int(1)];
    reach(lab, &settings, "tcp://[::1]:*", str::to_owned)?;
    // All interfaces are then those of IPv4 too.
    let local = |endpoint: &str| format!("tcp://127.0.0.1:{}", port(endpoint));
    reach(lab, &settings, "tcp://*:*", local)
}

fn a_source_address_is_kept_to(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let pull = lab.either(ours, Pull, &[])?;
        let endpoint = pull.bind("tcp://127.0.0.1:*")?;
        let push = lab.either(!ours, Push, &[])?;
        push.connect(&format!("tcp://127.0.0.3:0;127.0.0.1:{}", port(&endpoint)))?;
        push.put(&frame("hello"))?;
        pull.expect(&frame("hello"))?;
        if !ours {
            let source = pull.property("Peer-Address")?;
            ensure_eq!(source.as_deref(), Some("127.0.0.3"));
        }
        Ok(())
    })
}

fn connecting_twice_makes_one_connection_or_two_as_in_libzmq(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        // To a SUB the second is nothing new.
        let publisher = lab.either(!ours, XPub, &[Opt::XpubVerbose.int(1)])?;
        let sub = lab.either(ours, Sub, &[])?;
        let endpoint = publisher.bind(&Transport::Tcp.any())?;
        sub.connect(&endpoint)?;
        sub.connect(&endpoint)?;
        sub.set(&Opt::Subscribe.bytes("topic"))?;
        await_subscription(&*publisher, &*sub, b"topic")?;
        publisher.expect_nothing()?;
        publisher.put(&frame("topic"))?;
        sub.expect(&frame("topic"))?;
        sub.expect_nothing()
    })?;
    both_ways(|ours| {
        // To a PUSH it is: its peer sees two.
        let pull = lab.either(!ours, Pull, &[])?;
        pull.watch()?;
        let endpoint = pull.bind(&Transport::Tcp.any())?;
        let push = lab.either(ours, Push, &[])?;
        push.connect(&endpoint)?;
        push.connect(&endpoint)?;
        pull.wait_for(Happening::HANDSHAKE_SUCCEEDED)?;
        pull.wait_for(Happening::HANDSHAKE_SUCCEEDED)?;
        for _ in 0..4 {
            push.put(&frame("work"))?;
            pull.expect(&frame("work"))?;
        }
        // One call lets both go.
        push.disconnect(&endpoint)?;
        let mut ended = 0;
        until("both connections end", || {
            // libzmq ends them when its application enters the socket.
            ensure_eq!(push.send(&frame("lost"), Duration::ZERO)?, Sent::Full);
            let events = pull.events()?;
            let ends = events
                .into_iter()
                .filter(|event| *event == Happening::DISCONNECTED);
            ended += ends.count();
            Ok(ended == 2)
        })
    })
}

fn a_hundred_clients_come_and_go(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let router = lab.either(ours, Router, &[])?;
        let endpoint = router.bind(&Transport::Tcp.any())?;
        for number in 0..100 {
            let client = lab.either(!ours, Req, &[])?;
            client.connect(&endpoint)?;
            client.put(&frame(number.to_string()))?;
            let request = router.take()?;
            ensure_eq!(request[2..], frame(number.to_string())[..]);
            router.put(&request)?;
            client.expect(&frame(number.to_string()))?;
        }
        Ok(())
    })
}

fn one_socket_has_many_endpoints(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let pull = lab.either(ours, Pull, &[])?;
        let mut senders = Vec::new();
        for transport in Transport::ALL.into_iter().cycle().take(6) {
            let endpoint = pull.bind(&transport.any())?;
            let push = lab.either(!ours, Push, &[])?;
            push.connect(&endpoint)?;
            senders.push(push);
        }
        // And where it connects.
        for transport in Transport::ALL {
            let push = lab.either(!ours, Push, &[])?;
            let endpoint = push.bind(&transport.any())?;
            pull.connect(&endpoint)?;
            senders.push(push);
        }
        for (number, push) in senders.iter().enumerate() {
            let text = number.to_string();
            push.put(&frame(&text))?;
            pull.expect(&frame(&text))?;
        }
        Ok(())
    })
}
