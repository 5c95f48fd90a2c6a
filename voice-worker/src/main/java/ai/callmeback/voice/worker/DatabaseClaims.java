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
import ai.callmeback.voice.call.Carried;
import ai.callmeback.voice.call.Opening;
import ai.callmeback.voice.mouth.LonePhrase;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.voice.mouth.Voices;
import ai.callmeback.voice.socket.MediaClaims;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Claims by the owner row in the database, which brings all that is needed to speak in the same round trip; the first words
 * as they sound, if there are any, come beside it.
 */
final class DatabaseClaims implements MediaClaims {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseClaims.class);
    /**
     * Longer than a silence should last: the caller's words are kept meanwhile, and a call that is sent to the next worker
     * has lost what was said until it gets there.
     */
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private static final Duration GREETING_DEADLINE = Duration.ofMillis(150);

    private final MediaOwners owners;
    private final String incarnation;
    private final InstantSource clock;
    private final Greetings greetings;
    private final PhraseCache phrases;
    private final Voices voices;
    private final VoiceMeter meter;

    /**
     * @param phrases gets the first words of a call, if they have been spoken while its phone rang
     * @param meter is told of calls that come from another leg
     */
    DatabaseClaims(
            MediaOwners owners,
            Greetings greetings,
            PhraseCache phrases,
            Voices voices,
            String incarnation,
            VoiceMeter meter,
            InstantSource clock) {
        this.meter = meter;
        this.greetings = greetings;
        this.phrases = phrases;
        this.voices = voices;
        this.owners = owners;
        this.incarnation = incarnation;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Claim> claim(String token, String callSid) {
        byte[] hash = StreamTokens.hash(token);
        return Mono.zip(owners.claim(hash, incarnation, Limits.MEDIA_LEASE), greeting(hash))
                .map(both -> told(both.getT1(), claim(both.getT1(), both.getT2().map(DatabaseClaims::speech), callSid)))
                .timeout(DEADLINE)
                .onErrorResume(error -> {
                    LOG.warn("media not claimed: {}", error.toString());
                    return Mono.just(new Claim.Unavailable());
                })
                .toFuture();
    }

    private Claim told(ClaimOutcome outcome, Claim claim) {
        if (outcome instanceof ClaimOutcome.Claimed claimed
                && claim instanceof Claim.Granted granted
                && granted.setup().handOver()) {
            claimed.journal().stream()
                    .max(Comparator.comparing(JournalEvent::at))
                    .ifPresent(last -> meter.handedOver(granted.setup(), last.mediaLeg(), last.at(), clock.instant()));
        }
        return claim;
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

    private static LonePhrase.Speech speech(Greetings.Greeting words) {
        Greetings.Alignment times = words.alignment();
        return new LonePhrase.Speech(
                words.mulaw(), new TtsEvent.Alignment(times.text(), array(times.startMs()), array(times.durationMs())));
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

    /** What an outcome means to a call, with the words that were ready for it. */
    Claim answer(ClaimOutcome outcome, Greetings.Greeting ready, String callSid) {
        return claim(outcome, Optional.of(speech(ready)), callSid);
    }

    private Claim claim(ClaimOutcome outcome, Optional<LonePhrase.Speech> ready, String callSid) {
        return switch (outcome) {
            case ClaimOutcome.Claimed claimed -> new Claim.Granted(setup(claimed, ready, callSid));
            case ClaimOutcome.Stale stale -> new Claim.Stale();
            case ClaimOutcome.Unknown unknown -> new Claim.UnknownToken();
        };
    }

    private CallSetup setup(ClaimOutcome.Claimed claimed, Optional<LonePhrase.Speech> ready, String callSid) {
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
        if (!handOver) {
            Opening opening = Opening.of(brief, voices.usualModel());
            ready.ifPresent(speech -> phrases.putGreeting(voices.effective(opening.voice()), opening.text(), speech));
        }
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
                carried(journal, ready),
                claimed.plannedSeconds(),
                (int) Math.max(0, talked));
    }

    /** Of notes the claim brings only the one of a leg that stepped down, with the words it had left. */
    private static @Nullable Carried carried(List<JournalEvent> journal, Optional<LonePhrase.Speech> ready) {
        return journal.stream()
                .filter(line -> line.kind() == JournalKind.NOTE)
                .map(JournalEvent::text)
                .findFirst()
                .map(text -> ready.filter(
                                speech -> text.startsWith(speech.alignment().text()))
                        .map(speech -> new Carried(
                                speech, text.substring(speech.alignment().text().length())))
                        .orElseGet(() -> new Carried(null, text)))
                .orElse(null);
    }
}
