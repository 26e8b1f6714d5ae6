//! Options of the wire.

use ferromq_core::OptionError;

/// What a socket's links over `udp://` are set to.
///
/// What is not set stays as the system has it. What this platform lacks fails when it is
/// used, with [`TransportError::Unsupported`] that names it.
///
/// ```
/// use ferromq_transport_udp::UdpOptions;
///
/// let options = UdpOptions::new()
///     .multicast_loop(false)
///     .multicast_hops(8)?
///     .receive_buffer(1 << 20);
/// # Ok::<(), ferromq_core::OptionError>(())
/// ```
///
/// [`TransportError::Unsupported`]: ferromq_core::TransportError::Unsupported
#[derive(Debug, Clone)]
pub struct UdpOptions {
    pub(crate) ipv6: bool,
    pub(crate) multicast_hops: u32,
    pub(crate) multicast_loop: bool,
    pub(crate) max_datagram: usize,
    pub(crate) exclusive: bool,
    pub(crate) device: Option<Box<str>>,
    pub(crate) send_buffer: Option<u32>,
    pub(crate) receive_buffer: Option<u32>,
}

/// A datagram of IPv4 holds so much at the most: its length is of 16 bits, and 28 bytes
/// are for the headers ([RFC 768](https://www.rfc-editor.org/rfc/rfc768)).
const MAX_DATAGRAM: usize = 65_507;

/// A device's name has to fit into the kernel's `IFNAMSIZ` with a zero behind it.
const DEVICE_LENGTH: usize = 15;

impl UdpOptions {
    /// The defaults, which are those of libzmq.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            ipv6: false,
            multicast_hops: 1,
            multicast_loop: true,
            max_datagram: 8192,
            exclusive: false,
            device: None,
            send_buffer: None,
            receive_buffer: None,
        }
    }

    /// Whether addresses may be of IPv6. Default no. If so, `*` is `[::]`, which receives
    /// from IPv4 too, and a name is resolved to an address of either. (`ZMQ_IPV6`)
    #[must_use]
    pub fn ipv6(mut self, ipv6: bool) -> Self {
        self.ipv6 = ipv6;
        self
    }

    /// How many routers pass on what is sent to a multicast group, and one: 1 stays in
    /// the network, 255 goes anywhere. Default 1. (`ZMQ_MULTICAST_HOPS`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] for zero and above 255.
    pub fn multicast_hops(mut self, hops: u32) -> Result<Self, OptionError> {
        if !(1..=255).contains(&hops) {
            return Err(OptionError::OutOfRange("ZMQ_MULTICAST_HOPS"));
        }
        self.multicast_hops = hops;
        Ok(self)
    }

    /// Whether what is sent to a multicast group comes back to members on this machine.
    /// Default yes. (`ZMQ_MULTICAST_LOOP`)
    #[must_use]
    pub fn multicast_loop(mut self, comes_back: bool) -> Self {
        self.multicast_loop = comes_back;
        self
    }

    /// How long a datagram may be, in bytes: 1 to 65,507. What is longer is dropped, as a
    /// [`Loss`](ferromq_core::Loss), when it comes as when it is to be sent. Default
    /// 8192, which is all that libzmq takes (`MAX_UDP_MSG`); a datagram that is longer
    /// than a packet of the network is lost whole with each of its pieces.
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] for zero and above 65,507.
    pub fn max_datagram(mut self, bytes: usize) -> Result<Self, OptionError> {
        if !(1..=MAX_DATAGRAM).contains(&bytes) {
            return Err(OptionError::OutOfRange("max_datagram"));
        }
        self.max_datagram = bytes;
        Ok(self)
    }

    /// Whether nobody else may bind to the same address and port. Default no, as in
    /// libzmq: so several programs hear the same broadcast; who shares an address that is
    /// one machine's has to know that only one of them gets each datagram. A multicast
    /// group is always shared; on Windows so is all that somebody insists on sharing.
    #[must_use]
    pub fn exclusive(mut self, exclusive: bool) -> Self {
        self.exclusive = exclusive;
        self
    }

    /// The device that everything goes through, whatever the routes are; an empty name
    /// lifts that. Default none. (`ZMQ_BINDTODEVICE`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] for what no device can be called.
    pub fn bind_to_device(mut self, name: &str) -> Result<Self, OptionError> {
        if name.len() > DEVICE_LENGTH || name.contains(['\0', '/']) {
            return Err(OptionError::OutOfRange("ZMQ_BINDTODEVICE"));
        }
        self.device = Some(name).filter(|name| !name.is_empty()).map(Box::from);
        Ok(self)
    }

    /// How much the system may hold of what is sent, in bytes. Default as the system is
    /// set to.
    #[must_use]
    pub fn send_buffer(mut self, bytes: impl Into<Option<u32>>) -> Self {
        self.send_buffer = bytes.into();
        self
    }

    /// How much the system may hold of what has come, in bytes; the rest is lost. Default
    /// as the system is set to.
    #[must_use]
    pub fn receive_buffer(mut self, bytes: impl Into<Option<u32>>) -> Self {
        self.receive_buffer = bytes.into();
        self
    }
}

impl Default for UdpOptions {
    fn default() -> Self {
        Self::new()
    }
}
