package ai.callmeback.db.answer;

import ai.callmeback.db.call.StreamTokens;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.policy.Limits;
import io.r2dbc.spi.Readable;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Answers the voice webhook in one round trip; see {@code offer_streams} in the migrations. */
@Repository
public class StreamOffers {
    private static final int TOKEN_BYTES = 32;

    private final DatabaseClient db;
    private final SecureRandom random = new SecureRandom();

    public StreamOffers(DatabaseClient db) {
        this.db = db;
    }

    /**
     * Offers new tokens each time it is asked; the latest offer wins, so a repeated webhook is harmless. Notes in the inbox
     * that the call was answered, once.
     */
    public Mono<StreamOffer> offer(CallId call, int attempt, String callSid, Instant at) {
        List<String> tokens =
                Stream.generate(this::token).limit(Limits.STREAMS_PER_ANSWER).toList();
        String[] hashes = tokens.stream()
                .map(token -> "\\x" + HexFormat.of().formatHex(StreamTokens.hash(token)))
                .toArray(String[]::new);
        return db.sql("""
                        select verdict, slot, media_url
                        from offer_streams(:call, :attempt, :sid, :hashes::text[]::bytea[], :stale, :life, :at)""")
                .bind("call", call.value())
                .bind("attempt", attempt)
                .bind("sid", callSid)
                .bind("hashes", hashes)
                .bind("stale", Math.toIntExact(Limits.VOICE_WORKER_STALE.toMillis()))
                .bind("life", Math.toIntExact(Limits.STREAM_TOKEN_LIFE.toSeconds()))
                .bind("at", at)
                .map(Row::of)
                .all()
                .collectList()
                .map(rows -> offer(rows, tokens));
    }

    private static StreamOffer offer(List<Row> rows, List<String> tokens) {
        return switch (rows.getFirst().verdict()) {
            case "OFFER" ->
                new StreamOffer.Streams(rows.stream()
                        .map(row -> new StreamOffer.Stream(String.valueOf(row.url()), tokens.get(row.slot() - 1)))
                        .toList());
            case "NO_WORKER" -> new StreamOffer.NoWorker();
            case "OVER" -> new StreamOffer.Over();
            case "UNKNOWN" -> new StreamOffer.Unknown();
            default -> throw new IllegalStateException("offer_streams answered " + rows.getFirst());
        };
    }

    private record Row(String verdict, int slot, @Nullable String url) {
        static Row of(Readable row) {
            Integer slot = row.get("slot", Integer.class);
            return new Row(
                    String.valueOf(row.get("verdict", String.class)),
                    slot == null ? 0 : slot,
                    row.get("media_url", String.class));
        }
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
