package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.speech.SpeechCodec;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries out a call's TwiML: one document after another, one verb after another. On the simulators' thread. */
final class TwimlRun {
    /** Bound on documents per call, against a redirect that leads to itself. */
    private static final int MAX_DOCUMENTS = 500;

    private static final String APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye.";

    private final Exchange exchange;
    private final Call call;
    private final ArrayDeque<Verb> verbs = new ArrayDeque<>();
    private final @Nullable String fallbackUrl;
    private final String fallbackMethod;
    private String documentUrl = "";
    private int documents;
    /** Answers that belong to an earlier document find that this has moved on. */
    private int generation;

    private Verb.@Nullable ConnectStream streaming;

    TwimlRun(Exchange exchange, Call call, DialRequest request) {
        this.exchange = exchange;
        this.call = call;
        this.fallbackUrl = request.fallbackUrl();
        this.fallbackMethod = request.fallbackMethod();
    }

    /** Fetches a document and goes on with it. What was going on before must have been ended. */
    void fetch(String url, String method, Map<String, String> extra) {
        int mine = newDocument();
        if (mine < 0) {
            return;
        }
        String absolute = documentUrl.isEmpty()
                ? url
                : URI.create(documentUrl).resolve(url).toString();
        documentUrl = absolute;
        Map<String, String> form = new LinkedHashMap<>(CallForm.of(call));
        form.put("CallStatus", call.status().text());
        form.putAll(extra);
        Webhooks.Request request =
                new Webhooks.Request(absolute, method, form, exchange.sids().next("IT"));
        long delayMillis = exchange.faults()
                .take(Exchange.VENDOR, "twiml", EnumSet.of(FaultKind.DELAY), call.callSid(), call.number())
                .map(fault -> fault.delayMillis())
                .orElse(0L);
        exchange.time()
                .after(
                        Duration.ofMillis(delayMillis),
                        () -> exchange.webhooks().send(request, result -> fetched(mine, absolute, result)));
    }

    /** Goes on with a document given in full. */
    void inline(String document) {
        int mine = newDocument();
        if (mine >= 0) {
            load(mine, document);
        }
    }

    private int newDocument() {
        generation++;
        verbs.clear();
        streaming = null;
        if (++documents > MAX_DOCUMENTS) {
            error(11100, "more than " + MAX_DOCUMENTS + " documents in one call");
            call.end(CallStatus.FAILED, 200);
            return -1;
        }
        return generation;
    }

    /** The call is over or about to be redirected: answers under way are ignored. */
    void cancel() {
        generation++;
        verbs.clear();
        streaming = null;
    }

    private void fetched(int mine, String url, Webhooks.Result result) {
        if (mine != generation) {
            return;
        }
        call.journal(
                "twiml.fetched",
                Details.of(
                        "url", url,
                        "httpStatus", result.status(),
                        "attempts", result.attempts(),
                        "failure", result.failure()));
        String contentType = result.contentType().toLowerCase(Locale.ROOT);
        if (!result.ok()) {
            failed(url, 11200, "HTTP retrieval failure: " + (result.status() > 0 ? result.status() : result.failure()));
        } else if (!contentType.contains("xml")) {
            failed(url, 12300, "Invalid Content-Type: " + contentType);
        } else {
            load(mine, result.body());
        }
    }

    private void load(int mine, String document) {
        List<Verb> parsed;
        try {
            parsed = Twiml.parse(document);
        } catch (Twiml.BadDocument e) {
            failed(documentUrl, e.code(), String.valueOf(e.getMessage()));
            return;
        }
        call.journal("twiml.loaded", Details.of("verbs", parsed.size()));
        if (mine == generation) {
            verbs.addAll(parsed);
            advance();
        }
    }

    private void failed(String url, int code, String why) {
        error(code, why);
        if (fallbackUrl != null && !url.equals(fallbackUrl)) {
            Map<String, String> extra = new LinkedHashMap<>();
            extra.put("ErrorCode", Integer.toString(code));
            extra.put("ErrorUrl", url);
            documentUrl = "";
            fetch(fallbackUrl, fallbackMethod, extra);
        } else {
            call.pickUp();
            play(SpeechCodec.encode(APPLICATION_ERROR).audio(), () -> call.end(CallStatus.COMPLETED, 200));
        }
    }

    private void error(int code, String why) {
        call.journal("twiml.error", Details.of("code", code, "why", why));
    }

    private void advance() {
        int mine = generation;
        boolean atOnce = true;
        while (atOnce && mine == generation) {
            Verb verb = verbs.poll();
            if (verb == null) {
                call.end(CallStatus.COMPLETED, 200);
                return;
            }
            call.journal("twiml.verb", Details.of("verb", verb.getClass().getSimpleName()));
            atOnce = carryOut(verb);
        }
    }

    /** True if the next verb may follow at once. */
    private boolean carryOut(Verb verb) {
        if (verb instanceof Verb.ConnectStream || verb instanceof Verb.Say || verb instanceof Verb.Play) {
            call.pickUp();
        }
        switch (verb) {
            case Verb.ConnectStream stream -> {
                return !connect(stream);
            }
            case Verb.Redirect redirect -> fetch(redirect.url(), redirect.method(), Map.of());
            case Verb.Hangup ignored -> call.end(CallStatus.COMPLETED, 200);
            case Verb.Reject ignored -> call.end(CallStatus.COMPLETED, 200);
            case Verb.Say say -> play(spoken(say), this::advance);
            case Verb.Pause pause -> wait(Duration.ofSeconds(pause.seconds()));
            case Verb.Play playing -> {
                int keys = playing.digits() == null ? 2 : playing.digits().length();
                wait(Duration.ofMillis(500L * keys));
            }
            case Verb.Invalid invalid -> {
                call.journal(
                        "twiml.warning",
                        Details.of("verb", invalid.name(), "code", invalid.code(), "why", invalid.why()));
                return true;
            }
        }
        return false;
    }

    private boolean connect(Verb.ConnectStream stream) {
        URI uri;
        try {
            uri = StreamUrl.check(stream.url());
        } catch (StreamUrl.Refused e) {
            call.journal(
                    "stream.failed",
                    Details.of("url", stream.url(), "code", e.code(), "why", String.valueOf(e.getMessage())));
            return false;
        }
        streaming = stream;
        MediaLeg leg = new MediaLeg(call, exchange, exchange.sids().next("MZ"), stream);
        call.media().attach(leg);
        leg.open(uri);
        return true;
    }

    /** The current stream is over by itself: on to its action, or to the next verb. */
    void streamEnded(MediaLeg.End how) {
        Verb.ConnectStream ended = streaming;
        streaming = null;
        call.media().forget();
        if (how == MediaLeg.End.BROKEN) {
            switch (exchange.settings().abruptClose()) {
                case CONTINUE -> call.journal("stream.fallthrough", Map.of());
                case HANG_UP -> {
                    call.end(CallStatus.COMPLETED, 200);
                    return;
                }
                case SILENCE -> {
                    call.journal("stream.left-silent", Map.of());
                    return;
                }
            }
        }
        if (ended != null && ended.action() != null) {
            fetch(ended.action(), ended.method(), Map.of());
        } else {
            advance();
        }
    }

    private static byte[] spoken(Verb.Say say) {
        byte[] once = SpeechCodec.encode(say.text()).audio();
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        for (int i = 0; i < Math.clamp(say.times(), 1, 10); i++) {
            audio.writeBytes(once);
        }
        return audio.toByteArray();
    }

    private void play(byte[] audio, Runnable done) {
        int mine = generation;
        call.media().play(audio, () -> {
            if (mine == generation) {
                done.run();
            }
        });
    }

    private void wait(Duration duration) {
        int mine = generation;
        exchange.time().after(duration, () -> {
            if (mine == generation) {
                advance();
            }
        });
    }
}
