package ai.callmeback.voice.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.voice.call.TestCall;
import ai.callmeback.voice.recording.RecordedCalls;
import ai.callmeback.voice.recording.TapeWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A call on a real socket whose tape goes to a real database, and one whose tape cannot. */
class RecordedCallTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    /** Too soft to be anybody's speech. */
    private static final byte MURMUR = (byte) 0xFE;

    private static final int FRAMES = 50;

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private final RecordedCalls recorded = new RecordedCalls(DB);
    private final TapeWriter writer = recorded.writer(Instant::now).start();
    private final MediaStage stage = new MediaStage(1, writer);

    @AfterEach
    void close() {
        stage.close();
        writer.close();
    }

    @Test
    void theUserIsOnOneSideAndThePersonaOnTheOther() {
        CallId call = recorded.withConsent();
        talkAndHangUp(call);
        await().atMost(LONG).until(() -> !recorded.places(call).isEmpty());
        writer.close();

        byte[] user = recorded.side(call, true);
        byte[] agent = recorded.side(call, false);
        assertThat(user).containsOnly(MURMUR, (byte) 0xFF);
        assertThat(count(user, MURMUR)).isEqualTo(FRAMES * MediaPhone.FRAME_BYTES);
        assertThat(agent).doesNotContain(MURMUR);
        // The greeting from the moment the database had said yes to the moment the phone was hung up.
        String words = runs(agent);
        assertThat(words).hasSizeGreaterThan(5);
        assertThat(runs(TestCall.brief().greeting())).contains(words.substring(0, words.length() - 1));
    }

    @Test
    void aCallNobodyAgreedToIsNotRecorded() {
        CallId call = recorded.withoutConsent();
        talkAndHangUp(call);
        writer.close();
        assertThat(recorded.places(call)).isEmpty();
    }

    /** The recording is lost; the talk is not. */
    @Test
    void aDatabaseThatTakesNoSoundIsNotNoticedInTheCall() {
        CallId call = recorded.withConsent();
        DB.execute("alter table recording_chunks rename to chunks_away");
        try {
            talkAndHangUp(call);
            await().atMost(LONG).until(() -> writer.dropped() > 0);
        } finally {
            DB.execute("alter table chunks_away rename to recording_chunks");
        }
    }

    @Test
    void aDatabaseThatDoesNotTellOfConsentMeansNone() {
        CallId call = recorded.withConsent();
        DB.execute("alter table calls rename to calls_away");
        try {
            talkAndHangUp(call);
        } finally {
            DB.execute("alter table calls_away rename to calls");
        }
        writer.close();
        assertThat(recorded.places(call)).isEmpty();
    }

    /** Speaks while the greeting is played, and hears all of it first. */
    private void talkAndHangUp(CallId call) {
        stage.setups.put("good", TestCall.setup(call));
        MediaPhone phone = new MediaPhone(stage.port()).start("good");
        String greeting = TestCall.brief().greeting();
        await().atMost(LONG).until(() -> phone.words().length() > greeting.length() / 2);
        for (int i = 1; i <= FRAMES; i++) {
            phone.media(i, "MZ1", MURMUR);
        }
        await().atMost(LONG).until(() -> phone.words().startsWith(greeting));
        phone.stop();
        assertThat(phone.closeReason()).isEqualTo("1000 user_hung_up");
        await().atMost(LONG).until(() -> stage.calls.count() == 0);
    }

    /** Each sound once, however long it lasts. */
    private static String runs(byte[] agent) {
        StringBuilder letters = new StringBuilder();
        for (byte sample : agent) {
            if (sample != (byte) 0xFF && (letters.isEmpty() || letters.charAt(letters.length() - 1) != sample)) {
                letters.append((char) sample);
            }
        }
        return letters.toString();
    }

    private static String runs(String text) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letters.isEmpty() || letters.charAt(letters.length() - 1) != letter) {
                letters.append(letter);
            }
        }
        return letters.toString();
    }

    private static int count(byte[] samples, byte wanted) {
        int found = 0;
        for (byte sample : samples) {
            found += sample == wanted ? 1 : 0;
        }
        return found;
    }
}
