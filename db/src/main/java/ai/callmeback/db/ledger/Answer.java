package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a ledger function answered ({@code ledger_answer} of the migrations), with typed access to its result. */
record Answer(String outcome, @Nullable Long postingId, JsonNode result) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** The SQL that asks {@code function}. One value, not a row of columns, which costs the server a scan of it. */
    static String asked(String function) {
        return "select to_jsonb(" + function + ") as answer";
    }

    static Answer of(Readable row) {
        JsonNode answer = JSON.readTree(row.get("answer", String.class));
        String outcome = answer.path("outcome").stringValue(null);
        if (outcome == null) {
            throw new IllegalStateException("a ledger function answered without an outcome");
        }
        JsonNode posting = answer.path("posting_id");
        return new Answer(outcome, posting.isNumber() ? posting.longValue() : null, answer.path("result"));
    }

    /** Posted, repeated or conflicting: what every posting may answer; anything else is left to {@code others}. */
    <R, O> O map(
            BiFunction<Answer, Long, R> receipt,
            Function<R, O> posted,
            Function<R, O> alreadyPosted,
            Function<Conflict, O> conflict,
            Function<Answer, O> others) {
        return switch (outcome) {
            case "posted" -> posted.apply(receipt.apply(this, requirePosting()));
            case "repeated" -> alreadyPosted.apply(receipt.apply(this, requirePosting()));
            case "conflict" ->
                conflict.apply(new Conflict(
                        text("key"),
                        result.path("first").toString(),
                        result.path("this").toString()));
            default -> others.apply(this);
        };
    }

    Credits credits(String field) {
        return new Credits(number(field));
    }

    UsdMicros micros(String field) {
        return new UsdMicros(number(field));
    }

    UUID uuid(String field) {
        return UUID.fromString(text(field));
    }

    HoldState state() {
        return HoldState.of(text("state"));
    }

    List<Slice> slices() {
        return result.path("slices")
                .valueStream()
                .map(slice -> new Slice(
                        UUID.fromString(slice.path("grantId").stringValue()),
                        new Credits(slice.path("seconds").longValue()),
                        new UsdMicros(slice.path("revenueMicros").longValue())))
                .toList();
    }

    IllegalStateException unexpected() {
        return new IllegalStateException("a ledger function answered '" + outcome + "', which it never should");
    }

    private long number(String field) {
        return result.path(field).longValue();
    }

    private String text(String field) {
        return result.path(field).stringValue();
    }

    private long requirePosting() {
        if (postingId == null) {
            throw new IllegalStateException("a ledger function answered '" + outcome + "' without a posting");
        }
        return postingId;
    }
}
