package ai.callmeback.api.recording;

import ai.callmeback.db.recording.Recordings;
import ai.callmeback.domain.CallId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Says what there is of a call's recording, and until when. */
@Component
public class RecordingShelf {
    private final Recordings recordings;
    private final Duration keptFor;

    RecordingShelf(Recordings recordings, @Value("${callmeback.recording-days}") int days) {
        this.recordings = recordings;
        this.keptFor = Duration.ofDays(days);
    }

    /** @param until the first of it is deleted then; empty while there is no sound */
    public record Kept(Optional<Instant> consentAt, int seconds, Optional<Instant> until) {}

    /** Empty when there is neither consent nor sound. */
    public Mono<Kept> of(CallId call) {
        return Mono.zip(recordings.consentOf(call), recordings.places(call).collectList())
                .filter(both -> both.getT1().isPresent() || !both.getT2().isEmpty())
                .map(both -> both.getT2().isEmpty()
                        ? new Kept(both.getT1(), 0, Optional.empty())
                        : new Kept(
                                both.getT1(),
                                SoundFile.of(both.getT2()).seconds(),
                                Optional.of(both.getT2().getFirst().startsAt().plus(keptFor))));
    }
}
