//! Query parameters, and filters in them.

use std::str::FromStr;

use percent_encoding::percent_decode_str;

use super::delivery_log::DeliveryLog;
use super::delivery_row::DeliveryRow;
use super::filter::Filter;

/// The query parameters of a URL.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(query: &str) -> Self {
        let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        };
        Self(query.split('&').filter(|part| !part.is_empty()).map(pair).collect())
    }

    /// Returns the values of a parameter that are not empty.
    fn all<'q>(&'q self, name: &str) -> impl Iterator<Item = &'q str> {
        self.0.iter().filter(move |(other, value)| other == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// Returns the first value of a parameter as a number, or `None` if it is not a number.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.all(name).next()?.parse().ok()
    }

    /// Returns the filter, or `None` if a value is invalid.
    pub(super) fn filter(&self) -> Option<Filter> {
        fn all<T: FromStr>(query: &Query, name: &str) -> Option<Vec<T>> {
            query.all(name).map(|text| text.parse().ok()).collect()
        }
        let words = |name| self.all(name).map(str::to_owned).collect();
        Some(Filter {
            events: all(self, "event")?,
            statuses: all(self, "status")?,
            verdicts: words("verdict"),
            auth: words("auth"),
            since: all(self, "since")?.pop(),
            until: all(self, "until")?.pop(),
            search: self.all("search").next().map(str::to_owned),
        })
    }
}

/// Returns whether a delivery matches. Reads its body only if its row does not contain the search text.
pub(super) fn is_wanted(filter: &Filter, row: &DeliveryRow, log: &DeliveryLog) -> bool {
    let finds_in_request = || log.get(row.number).is_some_and(|found| filter.finds_in_request(&found.request));
    filter.matches(&row.summary) && (filter.finds_in_row(&row.summary) || finds_in_request())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded() {
        let query = Query::parse("a=1&search=x%20y+z&&c=&d&event=page_*&status=4xx");
        assert_eq!((query.number("a"), query.number("c")), (Some(1), None));
        let filter = query.filter().expect("it is valid");
        assert_eq!((filter.search.as_deref(), filter.events.len(), filter.statuses.len()), (Some("x y z"), 1, 1));
        assert!(Query::parse("status=odd").filter().is_none());
    }
}
