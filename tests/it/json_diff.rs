//! The structural diff: applying it to the first body produces the second body.

use cfwh::json::diff::{Change, Limits, diff};
use cfwh::json::parse;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

/// A value with few different keys and scalars, so that two of them have much in common.
fn values() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4_i32).prop_map(Value::from),
        select(vec!["", "a", "é/~", "1"]).prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        let key = select(vec!["id", "a", "b/c", "~d", ""]);
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((key, inner), 0..5)
                .prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

/// Does what a diff says: removals from the last to the first, because they are places in the first body; then additions and
/// changes from the first to the last, because they are places in the second.
fn patch(before: &Value, differences: &[cfwh::json::diff::Difference]) -> Value {
    let mut value = before.clone();
    let place = |pointer: &str| {
        let (parent, step) = pointer.rsplit_once('/').expect("a place in something");
        (parent.to_owned(), step.replace("~1", "/").replace("~0", "~"))
    };
    let of = |change| differences.iter().filter(move |difference| difference.change == change);
    for difference in of(Change::Removed).collect::<Vec<_>>().into_iter().rev() {
        let (parent, step) = place(&difference.pointer);
        match value.pointer_mut(&parent).expect("it is there") {
            Value::Array(items) => _ = items.remove(step.parse().expect("an index")),
            Value::Object(members) => _ = members.remove(&step).expect("it is there"),
            other => panic!("{other}"),
        }
    }
    for difference in of(Change::Added).chain(of(Change::Changed)) {
        let new: Value = serde_json::from_str(difference.after.as_deref().expect("a value")).expect("JSON");
        if difference.pointer.is_empty() {
            return new;
        }
        let (parent, step) = place(&difference.pointer);
        match (value.pointer_mut(&parent).expect("it is there"), difference.change) {
            (Value::Array(items), Change::Added) => items.insert(step.parse().expect("an index"), new),
            (Value::Array(items), _) => items[step.parse::<usize>().expect("an index")] = new,
            (Value::Object(members), _) => _ = members.insert(step, new),
            (other, _) => panic!("{other}"),
        }
    }
    value
}

#[test]
fn a_diff_turns_the_first_body_into_the_second() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let config = Config { cases: 3000, failure_persistence: None, ..Config::default() };
    let limits = Limits { differences: usize::MAX, value: usize::MAX };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let checked = runner.run(&(values(), values()), |(before, after)| {
        let texts = [before.to_string(), serde_json::to_string_pretty(&after).expect("JSON")];
        let [old, new] = texts.each_ref().map(|text| parse(text.as_bytes()).expect("JSON"));
        let found = diff((texts[0].as_bytes(), &old), (texts[1].as_bytes(), &new), limits);
        assert_eq!(found.differences.is_empty(), before == after);
        assert_eq!(patch(&before, &found.differences), after, "{before}\n{after}\n{found:#?}");
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
}
