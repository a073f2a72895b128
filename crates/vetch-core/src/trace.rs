//! The trace: which decisions a fetch took, and the remarks made on the way, when somebody asks.
//! In: decisions as they fall. Out: a list in order. Nothing is computed or allocated unless it was asked for.

use std::sync::Arc;

use url::Url;

use crate::infrastructure::environments::ReferrerPolicy;
use crate::infrastructure::header_safelists::Unsafe;
use crate::infrastructure::headers::HeaderName;
use crate::infrastructure::methods::Method;
use crate::infrastructure::requests::{RedirectTaint, ResponseTainting};
use crate::remarks::Remark;

/// Whether a fetch records its decisions and remarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Record {
    /// Nothing is recorded; this costs nothing.
    #[default]
    Nothing,
    /// Decisions and remarks are kept, at the price of some allocation.
    Everything,
}

/// What was recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    record: Record,
    decisions: Vec<Decision>,
    remarks: Vec<Remark>,
}

/// Why a preflight is needed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum PreflightCause {
    /// The method is not safelisted.
    #[error("the method {method} is none of GET, HEAD and POST")]
    Method {
        /// The method.
        method: Method,
    },
    /// A header is not safelisted.
    #[error("the header {name}: {rule}")]
    Header {
        /// The header's name.
        name: HeaderName,
        /// The rule that makes it unsafe.
        rule: Unsafe,
    },
    /// The use-CORS-preflight flag is set.
    #[error("upload listeners or a stream body always ask first")]
    Flag,
}

/// How main fetch classified a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Classification {
    /// Same-origin, `data:`, a navigation or a WebSocket: everything may be read.
    Basic,
    /// `no-cors`: nothing may be read.
    Opaque,
    /// `cors` without a preflight.
    Cors,
    /// `cors` with a preflight, unless the cache answers it.
    CorsWithPreflight,
}

impl Classification {
    /// The response tainting that goes with it.
    pub const fn response_tainting(&self) -> ResponseTainting {
        match self {
            Self::Basic => ResponseTainting::Basic,
            Self::Opaque => ResponseTainting::Opaque,
            Self::Cors | Self::CorsWithPreflight => ResponseTainting::Cors,
        }
    }
}

/// One decision of a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Main fetch classified the request.
    Classified {
        /// The URL of this hop.
        url: Arc<Url>,
        /// The class.
        classification: Classification,
        /// Why it needs a preflight, if it does.
        causes: Vec<PreflightCause>,
    },
    /// The preflight cache answered all that a preflight would have been asked.
    PreflightCacheHit,
    /// The preflight cache did not answer; this much was missing.
    PreflightCacheMiss {
        /// The method was not answered.
        method: bool,
        /// These names were not answered.
        header_names: Vec<HeaderName>,
    },
    /// The preflight's answer allows the request.
    PreflightPassed {
        /// Methods listed.
        methods: Vec<String>,
        /// Header names listed.
        header_names: Vec<String>,
        /// How long the answer is kept, in seconds.
        max_age: u32,
    },
    /// A redirect is followed.
    Redirected {
        /// The status.
        status: u16,
        /// The target.
        url: Arc<Url>,
        /// The method from now on.
        method: Method,
        /// The taint from now on.
        taint: RedirectTaint,
        /// Headers that do not go to the target.
        dropped: Vec<HeaderName>,
        /// The referrer policy from now on.
        referrer_policy: ReferrerPolicy,
    },
    /// The preflight cache's entries for the request were removed because the fetch failed.
    PreflightCacheCleared,
    /// The response was filtered.
    Filtered {
        /// Names of headers that came and are hidden.
        hidden: Vec<HeaderName>,
    },
}

impl Trace {
    /// A trace that records that much.
    pub const fn new(record: Record) -> Self {
        Self {
            record,
            decisions: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// The decisions in order.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// The remarks in order.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// Put remarks made at the door before those made on the way.
    pub fn prepend_remarks(&mut self, remarks: Vec<Remark>) {
        self.remarks.splice(0..0, remarks);
    }

    pub(crate) fn decide(&mut self, decision: impl FnOnce() -> Decision) {
        if self.record == Record::Everything {
            self.decisions.push(decision());
        }
    }

    pub(crate) fn remark(&mut self, remarks: impl FnOnce(&mut Vec<Remark>)) {
        if self.record == Record::Everything {
            remarks(&mut self.remarks);
        }
    }
}
