package ai.callmeback.voice.worker;

import ai.callmeback.db.call.ClaimOutcome;
import ai.callmeback.db.call.Greetings;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.StreamTokens;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.domain.conversation.HeardConversation;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.domain.conversation.Turn;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.Opening;
import ai.callmeback.voice.mouth.LonePhrase;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.voice.socket.MediaClaims;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Claims by the owner row in the database, which brings all that is needed to speak in the same round trip; the first words
 * as they sound, if there are any, come beside it.
 */
final class DatabaseClaims implements MediaClaims {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseClaims.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration GREETING_DEADLINE = Duration.ofMillis(150);

    private final MediaOwners owners;
    private final String incarnation;
    private final InstantSource clock;
    private final Greetings greetings;
    private final PhraseCache phrases;
    private final String ttsModel;

    /** @param phrases gets the first words of a call, if they have been spoken while its phone rang */
    DatabaseClaims(
            MediaOwners owners,
            Greetings greetings,
            PhraseCache phrases,
            String ttsModel,
            String incarnation,
            InstantSource clock) {
        this.greetings = greetings;
        this.phrases = phrases;
        this.ttsModel = ttsModel;
        this.owners = owners;
        this.incarnation = incarnation;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Claim> claim(String token, String callSid) {
        byte[] hash = StreamTokens.hash(token);
        return Mono.zip(owners.claim(hash, incarnation, Limits.MEDIA_LEASE), greeting(hash))
                .map(both -> {
                    keep(both.getT1(), both.getT2());
                    return claim(both.getT1(), callSid);
                })
                .timeout(DEADLINE)
                .onErrorResume(error -> {
                    LOG.warn("media not claimed: {}", error.toString());
                    return Mono.just(new Claim.Unavailable());
                })
                .toFuture();
    }

    /** Asked beside the claim, and not waited for: without it the greeting is spoken as it comes. */
    private Mono<Optional<Greetings.Greeting>> greeting(byte[] tokenHash) {
        return greetings
                .take(tokenHash)
                .map(Optional::of)
                .timeout(GREETING_DEADLINE)
                .onErrorResume(error -> {
                    LOG.info("greeting not fetched: {}", error.toString());
                    return Mono.empty();
                })
                .defaultIfEmpty(Optional.empty());
    }

    private void keep(ClaimOutcome outcome, Optional<Greetings.Greeting> spoken) {
        if (outcome instanceof ClaimOutcome.Claimed claimed && spoken.isPresent()) {
            Greetings.Alignment times = spoken.get().alignment();
            Opening opening = Opening.of(claimed.brief(), ttsModel);
            phrases.putGreeting(
                    opening.voice(),
                    opening.text(),
                    new LonePhrase.Speech(
                            spoken.get().mulaw(),
                            new TtsEvent.Alignment(times.text(), array(times.startMs()), array(times.durationMs()))));
        }
    }

    private static int[] array(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public void release(CallSetup leg) {
        owners.release(leg.callId(), leg.mediaLeg(), incarnation)
                .subscribe(
                        done -> {},
                        error -> LOG.info(
                                "leg {} of call {} left to its lease: {}",
                                leg.mediaLeg(),
                                leg.callId(),
                                error.toString()));
    }

    private Claim claim(ClaimOutcome outcome, String callSid) {
        return switch (outcome) {
            case ClaimOutcome.Claimed claimed -> new Claim.Granted(setup(claimed, callSid));
            case ClaimOutcome.Stale stale -> new Claim.Stale();
            case ClaimOutcome.Unknown unknown -> new Claim.UnknownToken();
        };
    }

    private CallSetup setup(ClaimOutcome.Claimed claimed, String callSid) {
        Brief brief = claimed.brief();
        List<JournalEvent> journal = claimed.journal();
        List<Turn> heard = HeardConversation.fold(journal);
        Set<Integer> closed = journal.stream()
                .filter(line -> line.kind() == JournalKind.USER_SAID || line.kind() == JournalKind.AGENT_SAID)
                .map(JournalEvent::turn)
                .collect(Collectors.toSet());
        int last = journal.stream().mapToInt(JournalEvent::turn).max().orElse(0);
        // A line younger than the brief was spoken in this very phone call; older ones in one that was cut off.
        boolean handOver = journal.stream().anyMatch(line -> line.at().isAfter(brief.preparedAt()));
        long talked = Duration.between(claimed.talkingSince(), clock.instant()).toSeconds();
        return new CallSetup(
                claimed.callId(),
                claimed.attempt(),
                claimed.mediaLeg(),
                callSid,
                brief,
                heard,
                heard.stream().filter(turn -> !closed.contains(turn.number())).toList(),
                last,
                handOver,
                // The claim brings no other notes.
                journal.stream().anyMatch(line -> line.kind() == JournalKind.NOTE),
                claimed.plannedSeconds(),
                (int) Math.max(0, talked));
    }
}
