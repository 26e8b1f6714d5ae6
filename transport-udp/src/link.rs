//! A link: a socket, and who it is for.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll, ready};

use ferromq_core::{Datagrams, Loss, Message};
use socket2::SockRef;
use tokio::io::{Interest, ReadBuf};
use tokio::net::UdpSocket;

use crate::form::Form;
use crate::options::UdpOptions;

/// What Windows says of a datagram that is longer than the buffer (`WSAEMSGSIZE`).
const CUT: i32 = 10040;

thread_local! {
    /// Where the links of a thread receive: one byte more than they take, so that a
    /// datagram that is too long can be told.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

pub(crate) struct Link {
    socket: UdpSocket,
    form: Form,
    /// Where everything goes: a RADIO's, which receives nothing.
    to: Option<SocketAddr>,
    max_datagram: usize,
    is_ipv6: bool,
}

impl Link {
    pub(crate) fn new(
        socket: UdpSocket,
        form: Form,
        to: Option<SocketAddr>,
        options: &UdpOptions,
    ) -> Self {
        // A RADIO's socket has no address before it sends, and knows where to.
        let address = to.map_or_else(|| socket.local_addr(), Ok);
        Self {
            socket,
            form,
            to,
            max_datagram: options.max_datagram,
            is_ipv6: address.is_ok_and(|address| address.is_ipv6()),
        }
    }

    /// A socket of IPv6 sends to an address of IPv4 by the one that stands for it.
    fn reachable(&self, to: SocketAddr) -> SocketAddr {
        match to {
            SocketAddr::V4(v4) if self.is_ipv6 => {
                SocketAddr::new(v4.ip().to_ipv6_mapped().into(), v4.port())
            }
            to => to,
        }
    }

    fn poll_read(&self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<Result<Message, Loss>> {
        let mut buffer = ReadBuf::new(buffer);
        let from = match ready!(self.socket.poll_recv_from(cx, &mut buffer)) {
            Ok(from) => from,
            Err(error) if cfg!(windows) && error.raw_os_error() == Some(CUT) => {
                return Poll::Ready(Err(Loss::TooLongToReceive));
            }
            Err(error) => return Poll::Ready(Err(Loss::NotReceived(error.kind()))),
        };
        let datagram = buffer.filled();
        Poll::Ready(match datagram.len() <= self.max_datagram {
            true => self.form.read(datagram, from),
            false => Err(Loss::TooLongToReceive),
        })
    }
}

impl Datagrams for Link {
    fn poll_recv(&mut self, cx: &mut Context<'_>, into: &mut Message) -> Poll<Result<(), Loss>> {
        if self.to.is_some() {
            return Poll::Pending;
        }
        BUFFER.with_borrow_mut(|buffer| {
            if buffer.len() <= self.max_datagram {
                buffer.resize(self.max_datagram + 1, 0);
            }
            let buffer = buffer.get_mut(..=self.max_datagram).unwrap_or_default();
            let message = ready!(self.poll_read(cx, buffer));
            Poll::Ready(message.map(|message| *into = message))
        })
    }

    fn poll_send(&mut self, cx: &mut Context<'_>, message: &Message) -> Poll<Result<(), Loss>> {
        let outgoing = match self.form.write(message, self.max_datagram) {
            Ok(outgoing) => outgoing,
            Err(loss) => return Poll::Ready(Err(loss)),
        };
        let Some(to) = self.to.or(outgoing.to) else {
            return Poll::Ready(Err(Loss::NoAddress));
        };
        let to = self.reachable(to).into();
        let pieces = outgoing.pieces();
        loop {
            let sent = self.socket.try_io(Interest::WRITABLE, || {
                SockRef::from(&self.socket).send_to_vectored(&pieces, &to)
            });
            let error = match sent {
                Ok(_) => return Poll::Ready(Ok(())),
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => error,
                Err(_) => match ready!(self.socket.poll_send_ready(cx)) {
                    Ok(()) => continue,
                    Err(error) => error,
                },
            };
            return Poll::Ready(Err(Loss::NotSent(error.kind())));
        }
    }
}
