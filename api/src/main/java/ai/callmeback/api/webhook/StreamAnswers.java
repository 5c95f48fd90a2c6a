package ai.callmeback.api.webhook;

import ai.callmeback.db.answer.StreamOffer;
import ai.callmeback.db.answer.StreamOffers;
import ai.callmeback.domain.CallId;
import ai.callmeback.vendors.telephony.StreamTwiml;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Connects a call that is on the line to the live voice workers, one after the other, then to itself for more. */
@Component
class StreamAnswers {
    private static final Logger log = LoggerFactory.getLogger(StreamAnswers.class);
    private static final MediaType TWIML = MediaType.parseMediaType("text/xml;charset=UTF-8");
    /** Rounds of one answer: four streams each, or a second's pause while no voice worker lives. */
    private static final int MAX_LEGS = 60;

    private static final Duration OFFER_TIMEOUT = Duration.ofSeconds(4);

    private final SignedForm forms;
    private final StreamOffers offers;
    private final Clock clock;

    StreamAnswers(SignedForm forms, StreamOffers offers, Clock clock) {
        this.forms = forms;
        this.offers = offers;
        this.clock = clock;
    }

    Mono<ResponseEntity<String>> connect(CallId call, int attempt, String sid, int leg) {
        if (leg > MAX_LEGS) {
            log.warn("call {} attempt {}: hung up after {} rounds", call, attempt, MAX_LEGS);
            return Mono.just(twiml(StreamTwiml.hangUp()));
        }
        URI next = forms.publicUri("/webhooks/twilio/voice/" + call + "/" + attempt + "?leg=" + (leg + 1));
        return offers.offer(call, attempt, sid, clock.instant())
                .timeout(OFFER_TIMEOUT)
                .map(offer -> answer(offer, next))
                .onErrorResume(CallbackEvents::isStorage, e -> {
                    // The person is on the line: keep them, and ask again in a second.
                    log.warn("call {}: no answer from the database, asking to be asked again", call, e);
                    return Mono.just(askAgain(next));
                })
                .map(StreamAnswers::twiml);
    }

    private static String answer(StreamOffer offer, URI next) {
        return switch (offer) {
            case StreamOffer.Streams streams -> connect(streams.streams(), next);
            case StreamOffer.NoWorker none -> askAgain(next);
            case StreamOffer.Over over -> StreamTwiml.hangUp();
            case StreamOffer.Unknown unknown -> StreamTwiml.hangUp();
        };
    }

    private static String connect(List<StreamOffer.Stream> streams, URI next) {
        StreamTwiml twiml = new StreamTwiml();
        streams.forEach(stream -> twiml.stream(URI.create(stream.url()), Map.of("token", stream.token())));
        return twiml.write(next);
    }

    /** A second's silence, then this question again. */
    static String askAgain(URI next) {
        return StreamTwiml.pauseThen(1, next);
    }

    static ResponseEntity<String> twiml(String xml) {
        return ResponseEntity.ok().contentType(TWIML).body(xml);
    }
}
