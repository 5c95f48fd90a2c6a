package ai.callmeback.voice.recording;

import ai.callmeback.db.recording.Recordings;
import ai.callmeback.db.recording.SoundChunk;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.workflows.codec.SealedBytes;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Calls in a real database whose users have agreed to be recorded, or have not, and what was recorded of them. */
public final class RecordedCalls {
    private static final SealedBytes SEAL =
            SealedBytes.with("k:" + Base64.getEncoder().encodeToString(new byte[32]));

    public final Recordings recordings;
    private final TestDatabase db;

    public RecordedCalls(TestDatabase db) {
        this.db = db;
        this.recordings = new Recordings(db.client());
    }

    /** Tries a refused stretch again without much of a pause. */
    public TapeWriter writer(Supplier<Instant> clock) {
        return new TapeWriter(recordings, SEAL, clock::get, 5);
    }

    public CallId withoutConsent() {
        UUID user = UUID.randomUUID();
        db.execute("insert into users (id, email, password_hash, display_name, pseudonym) values ('" + user + "', '"
                + user + "@example.com', 'x', 'Ann', 'u-" + user + "')");
        UUID id = UUID.randomUUID();
        db.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, created_at, updated_at) values ('" + id + "', '" + user
                + "', '\\x00', 'brad_001', '+14155550123', 300, true, now(), '{}', now(), now())");
        return new CallId(id);
    }

    public CallId withConsent() {
        CallId call = withoutConsent();
        recordings.decide(call, Instant.EPOCH).block();
        return call;
    }

    /** Each stretch of it, in the order of time. */
    public List<SoundChunk.Place> places(CallId call) {
        return recordings.places(call).collectList().block();
    }

    /** One side of all of it, one stretch after the other. */
    public byte[] side(CallId call, boolean user) {
        ByteArrayOutputStream samples = new ByteArrayOutputStream();
        for (SoundChunk.Place place : places(call)) {
            byte[] sound = SEAL.open(recordings.sound(call, place).block());
            samples.write(sound, user ? 0 : place.samples(), place.samples());
        }
        return samples.toByteArray();
    }
}
