//! All scenarios.

mod closing;
mod connections;
mod drafts;
mod endpoints;
mod exchanges;
mod hostile;
mod long_topics;
mod marks;
mod monitors;
mod pipelines;
mod properties;
mod proxies;
mod publishers;
mod reconnection;
mod requests;
mod routers;
mod streams;
mod subscriptions;
mod tidings;

use crate::scenario::Scenario;

/// Scenarios that belong together.
#[derive(Debug)]
pub struct Chapter {
    /// What they are about.
    pub title: &'static str,
    /// The scenarios.
    pub scenarios: &'static [Scenario],
}

/// All of them.
pub const CHAPTERS: &[Chapter] = &[
    Chapter {
        title: "Exchanges",
        scenarios: exchanges::SCENARIOS,
    },
    Chapter {
        title: "Proxies",
        scenarios: proxies::SCENARIOS,
    },
    Chapter {
        title: "Requests and replies",
        scenarios: requests::SCENARIOS,
    },
    Chapter {
        title: "Pipelines",
        scenarios: pipelines::SCENARIOS,
    },
    Chapter {
        title: "High-water marks",
        scenarios: marks::SCENARIOS,
    },
    Chapter {
        title: "Subscriptions",
        scenarios: subscriptions::SCENARIOS,
    },
    Chapter {
        title: "Long topics",
        scenarios: long_topics::SCENARIOS,
    },
    Chapter {
        title: "Publishers",
        scenarios: publishers::SCENARIOS,
    },
    Chapter {
        title: "Routers",
        scenarios: routers::SCENARIOS,
    },
    Chapter {
        title: "Streams",
        scenarios: streams::SCENARIOS,
    },
    Chapter {
        title: "Hello, disconnect and hiccup messages",
        scenarios: tidings::SCENARIOS,
    },
    Chapter {
        title: "Properties of messages",
        scenarios: properties::SCENARIOS,
    },
    Chapter {
        title: "Endpoints",
        scenarios: endpoints::SCENARIOS,
    },
    Chapter {
        title: "Closing",
        scenarios: closing::SCENARIOS,
    },
    Chapter {
        title: "Reconnection",
        scenarios: reconnection::SCENARIOS,
    },
    Chapter {
        title: "Connections",
        scenarios: connections::SCENARIOS,
    },
    Chapter {
        title: "Monitors",
        scenarios: monitors::SCENARIOS,
    },
    Chapter {
        title: "Peers that break the rules",
        scenarios: hostile::SCENARIOS,
    },
    Chapter {
        title: "Younger socket types",
        scenarios: drafts::SCENARIOS,
    },
];
