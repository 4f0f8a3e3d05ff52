//! The tables as diesel sees them; `tests/api/migrations.rs` checks them against both databases.
//! The tables are created by the migrations.

diesel::table! {
    provinces (key) {
        key -> Text,
    }
}

diesel::table! {
    definition_versions (id) {
        id -> BigInt,
        kind -> Text,
        code -> Text,
        version -> Integer,
        definition -> Nullable<Text>,
        province -> Nullable<Text>,
        indicator -> Nullable<Text>,
        source_title -> Nullable<Text>,
        source_number -> Nullable<Text>,
        source_date -> Nullable<Date>,
        reason -> Nullable<Text>,
        recorded_at -> Timestamp,
        recorded_by -> Nullable<Text>,
    }
}

diesel::table! {
    clients (id) {
        id -> Text,
        name -> Text,
        organisation -> Nullable<Text>,
        scopes -> Text,
        provinces -> Text,
        created_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
        fields -> Text,
        jwks -> Nullable<Text>,
        expires_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
        may_grant -> Text,
    }
}

diesel::table! {
    client_secrets (client, secret_hash) {
        client -> Text,
        secret_hash -> Text,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        private_key -> Text,
        created_at -> Timestamp,
        alg -> Text,
    }
}

diesel::table! {
    submissions (id) {
        id -> Text,
        client -> Text,
        organisation -> Nullable<Text>,
        state -> Text,
        source_title -> Nullable<Text>,
        source_number -> Nullable<Text>,
        source_date -> Nullable<Date>,
        outcomes -> Text,
        received_at -> Timestamp,
        document -> Nullable<Text>,
        provinces -> Text,
        first_on -> Nullable<Date>,
        last_on -> Nullable<Date>,
        created -> Integer,
        updated -> Integer,
        unchanged -> Integer,
        withdrawn -> Integer,
        rejected -> Integer,
        indicators -> Text,
    }
}

diesel::table! {
    submission_steps (id) {
        id -> BigInt,
        submission -> Text,
        action -> Text,
        state -> Text,
        client -> Text,
        comment -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    answered_requests (client, key) {
        client -> Text,
        key -> Text,
        fingerprint -> Text,
        answer -> Text,
        answered_at -> Timestamp,
    }
}

diesel::table! {
    series (id) {
        id -> BigInt,
        province -> Text,
        indicator -> Text,
        breakdown -> Text,
    }
}

diesel::table! {
    observations (id, revision) {
        id -> Text,
        revision -> Integer,
        series_id -> BigInt,
        calendar -> Text,
        start_on -> Date,
        end_on -> Date,
        content -> Text,
        digits -> Nullable<BigInt>,
        decimals -> Nullable<Integer>,
        high_digits -> Nullable<BigInt>,
        high_decimals -> Nullable<Integer>,
        printed_to -> Nullable<Integer>,
        numerator_digits -> Nullable<BigInt>,
        numerator_decimals -> Nullable<Integer>,
        denominator_digits -> Nullable<BigInt>,
        denominator_decimals -> Nullable<Integer>,
        status -> Nullable<Text>,
        bound -> Nullable<Text>,
        as_of -> Nullable<Date>,
        definition_version -> Integer,
        locator -> Nullable<Text>,
        wording -> Nullable<Text>,
        reason -> Nullable<Text>,
        submission -> Text,
        recorded_at -> Timestamp,
        superseded_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    confirmations (observation, revision, submission) {
        observation -> Text,
        revision -> Integer,
        submission -> Text,
        locator -> Nullable<Text>,
        wording -> Nullable<Text>,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    claims (observation, kind, revision) {
        observation -> Text,
        revision -> Integer,
        kind -> Text,
        digits -> Nullable<BigInt>,
        decimals -> Nullable<Integer>,
        reason -> Nullable<Text>,
        submission -> Text,
        recorded_at -> Timestamp,
        superseded_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    targets (id, revision) {
        id -> Text,
        revision -> Integer,
        series_id -> BigInt,
        calendar -> Text,
        start_on -> Date,
        end_on -> Date,
        kind -> Nullable<Text>,
        digits -> Nullable<BigInt>,
        decimals -> Nullable<Integer>,
        source_title -> Nullable<Text>,
        source_number -> Nullable<Text>,
        source_date -> Nullable<Date>,
        reason -> Nullable<Text>,
        client -> Text,
        recorded_at -> Timestamp,
        superseded_at -> Nullable<Timestamp>,
        high_digits -> Nullable<BigInt>,
        high_decimals -> Nullable<Integer>,
        way -> Nullable<Text>,
    }
}

diesel::table! {
    writes (id) {
        id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    revoked_tokens (jti) {
        jti -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    audit (seq) {
        seq -> BigInt,
        at -> Timestamp,
        client -> Nullable<Text>,
        organisation -> Nullable<Text>,
        address -> Nullable<Text>,
        request_id -> Nullable<Text>,
        action -> Text,
        subject -> Text,
        outcome -> Text,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    client_assertions (client, jti) {
        client -> Text,
        jti -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    audit_anchor (id) {
        id -> BigInt,
        seq -> BigInt,
        hash -> Text,
        at -> Nullable<Timestamp>,
    }
}

diesel::joinable!(observations -> series (series_id));
diesel::joinable!(observations -> submissions (submission));
diesel::joinable!(confirmations -> submissions (submission));
diesel::joinable!(targets -> series (series_id));
diesel::allow_tables_to_appear_in_same_query!(observations, series, submissions, confirmations, targets, claims);
