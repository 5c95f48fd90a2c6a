package ai.callmeback.simulators.elevenlabs;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.tuning.Tuning;
import ai.callmeback.simulators.tuning.TuningSwitch;
import ai.callmeback.simulators.wire.Json;
import ai.callmeback.simulators.wire.Peer;
import ai.callmeback.simulators.wire.SocketFaults;
import ai.callmeback.simulators.wire.SocketHandler;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One socket: many contexts on {@code multi-stream-input}, a single one on {@code stream-input}. */
final class TtsSession implements SocketHandler, TtsContext.Host {
    /** Shared needs of the sessions. */
    record Shared(
            Journal journal,
            Faults faults,
            TuningSwitch tuning,
            ElevenLabsSettings settings,
            TtsAccount account,
            RandomGenerator random) {}

    private static final int MAX_CONTEXTS = 5;
    private static final int POLICY = 1008;
    private static final int[] DEFAULT_SCHEDULE = {120, 160, 250, 290};
    private static final String ONLY_CONTEXT = "";

    private final String requestId;
    private final Peer peer;
    private final boolean multi;
    private final TtsOptions options;
    private final Shared shared;
    private final SocketFaults out;
    private final TtsMessages messages;
    private final Map<String, TtsContext> contexts = new HashMap<>();
    /** Also those that are closed and still owe audio. */
    private final Set<TtsContext> live = new HashSet<>();

    private boolean authorized;
    private boolean ending;
    private boolean ended;
    private int characters;
    private long lastMessageNanos = System.nanoTime();
    private Peer.Timer inactivity = Peer.Timer.NONE;

    TtsSession(String requestId, Peer peer, boolean multi, TtsOptions options, boolean authorized, Shared shared) {
        this.requestId = requestId;
        this.peer = peer;
        this.multi = multi;
        this.options = options;
        this.authorized = authorized;
        this.shared = shared;
        this.messages = new TtsMessages(multi, options.syncAlignment());
        this.out =
                new SocketFaults(peer, shared.faults(), "elevenlabs", operation(multi), requestId, options.voiceId());
    }

    static String operation(boolean multi) {
        return multi ? "multi-stream-input" : "stream-input";
    }

    @Override
    public void opened() {
        shared.journal()
                .append(
                        "elevenlabs",
                        requestId,
                        "session.opened",
                        Details.of(
                                "operation", operation(multi),
                                "voiceId", options.voiceId(),
                                "model", options.model().id));
        watchInactivity(options.inactivityTimeout());
    }

    @Override
    public void text(String message) {
        if (ended) {
            return;
        }
        lastMessageNanos = System.nanoTime();
        JsonNode json = Json.object(message);
        if (json == null) {
            refuse("invalid_message", "Message is not a JSON object.", null);
            return;
        }
        out.poll();
        if (Json.flag(json, "close_socket")) {
            ending = true;
            List.copyOf(live).forEach(TtsContext::close);
            endIfDone();
        } else if (!authorized(json)) {
            return;
        } else if (!options.isVoiceKnown()) {
            refuse("voice_not_found", "A voice with voice_id " + options.voiceId() + " does not exist.", null);
        } else {
            message(json);
        }
    }

    @Override
    public void binary(ByteBuf message) {
        if (!ended) {
            refuse("invalid_message", "Messages must be text.", null);
        }
    }

    @Override
    public void closed() {
        ended = true;
        inactivity.cancel();
        live.forEach(TtsContext::abandon);
        shared.journal().append("elevenlabs", requestId, "session.closed", Details.of("characters", characters));
    }

    @Override
    public Segment generate(TtsContext context, String text) {
        Segment segment = Segment.of(text, shared.random());
        characters +=
                shared.account().bill(options, requestId, multi ? context.id : null, text, segment.lengthMillis());
        return segment;
    }

    @Override
    public void send(TtsContext context, Segment segment, Segment.Chunk chunk) {
        out.send(messages.audio(context.id, segment, chunk), 0);
    }

    @Override
    public void finished(TtsContext context) {
        live.remove(context);
        contexts.remove(context.id, context);
        // First, so that who has heard the end finds it written down.
        shared.journal()
                .append(
                        "elevenlabs",
                        requestId,
                        "context.closed",
                        Details.of("contextId", context.id, "characters", context.characters()));
        out.send(messages.last(context.id), 0);
        if (!multi) {
            ending = true;
        }
        endIfDone();
    }

    @Override
    public Tuning tuning() {
        return shared.tuning().now();
    }

    @Override
    public Peer peer() {
        return peer;
    }

    private boolean authorized(JsonNode json) {
        if (authorized) {
            return true;
        }
        String inFrame = Json.text(json, "xi_api_key");
        authorized = shared.settings().accepts(inFrame != null ? inFrame : Json.text(json, "xi-api-key"));
        if (!authorized) {
            refuse("invalid_api_key", "Invalid API key", null);
        }
        return authorized;
    }

    private void message(JsonNode json) {
        String named = multi ? Json.text(json, "context_id") : ONLY_CONTEXT;
        String text = Json.text(json, "text");
        boolean flush = Json.flag(json, "flush");
        if (multi && named == null && "".equals(text)) {
            return;
        }
        String id = named == null ? "default" : named;
        TtsContext context = contexts.get(id);
        if (multi && Json.flag(json, "close_context")) {
            close(context, flush);
        } else if (text == null && !(multi && flush)) {
            refuse("invalid_message", "text is missing", multi ? id : null);
        } else if (context == null || context.closing()) {
            begin(id, text == null ? "" : text, json);
        } else {
            go(context, text == null ? "" : text, flush, json);
        }
    }

    private static void close(@Nullable TtsContext context, boolean flush) {
        if (context != null) {
            if (flush) {
                context.flush();
            }
            context.close();
        }
    }

    private void begin(String id, String text, JsonNode json) {
        if (live.size() >= MAX_CONTEXTS) {
            out.send(
                    messages.error(
                            "max_active_contexts_exceeded",
                            "Maximum number of active contexts (" + MAX_CONTEXTS + ") exceeded.",
                            POLICY,
                            id),
                    0);
            return;
        }
        // A keep-alive on the multi socket counts as the first message of its context; its settings are then fixed.
        boolean keepAlive = multi && text.isEmpty();
        if (!text.equals(" ") && !keepAlive) {
            refuse("invalid_message", "The first message must have a single space as its text.", multi ? id : null);
            return;
        }
        int[] schedule = schedule(json);
        if (schedule.length == 0 || !settingsInRange(json.path("voice_settings"))) {
            refuse("invalid_voice_settings", "voice_settings or generation_config out of range.", multi ? id : null);
            return;
        }
        TtsContext context = new TtsContext(id, this, options.autoMode(), schedule);
        contexts.put(id, context);
        live.add(context);
        watch(context, options.inactivityTimeout());
    }

    private void go(TtsContext context, String text, boolean flush, JsonNode json) {
        context.lastMessageNanos = System.nanoTime();
        if (json.has("voice_settings") || json.has("generation_config")) {
            refuse(
                    "voice_settings_changed",
                    "voice_settings and generation_config can only be provided in the first message.",
                    multi ? context.id : null);
            return;
        }
        if (context.characters() + text.length() > options.model().maxCharacters) {
            refuse("max_character_limit_exceeded", "Text is too long for " + options.model().id, context.id);
            return;
        }
        if (text.isEmpty() && !multi) {
            context.complete();
            return;
        }
        context.text(text, Json.flag(json, "try_trigger_generation"));
        if (flush) {
            context.flush();
        }
    }

    /** The asked or the usual schedule; empty if it is out of range. */
    private static int[] schedule(JsonNode json) {
        JsonNode asked = json.path("generation_config").path("chunk_length_schedule");
        if (!asked.isArray()) {
            return DEFAULT_SCHEDULE;
        }
        List<Integer> items = new ArrayList<>();
        asked.forEach(item -> items.add(item.asInt(0)));
        boolean inRange = items.stream().allMatch(item -> item >= 50 && item <= 500);
        return inRange ? items.stream().mapToInt(Integer::intValue).toArray() : new int[0];
    }

    private static boolean settingsInRange(JsonNode settings) {
        double speed = settings.path("speed").asDouble(1);
        double stability = settings.path("stability").asDouble(0.5);
        double similarity = settings.path("similarity_boost").asDouble(0.8);
        double style = settings.path("style").asDouble(0);
        return speed >= 0.7
                && speed <= 1.2
                && Stream.of(stability, similarity, style).allMatch(value -> value >= 0 && value <= 1);
    }

    private void refuse(String error, String message, @Nullable String contextId) {
        out.send(messages.error(error, message, POLICY, contextId), 0);
        end(POLICY, message);
    }

    private void endIfDone() {
        if (ending && live.isEmpty()) {
            end(1000, "");
        }
    }

    private void end(int code, String reason) {
        ended = true;
        live.forEach(TtsContext::abandon);
        out.afterSent(() -> peer.close(code, reason));
    }

    private void watch(TtsContext context, Duration wait) {
        peer.after(wait, () -> {
            long idle = System.nanoTime() - context.lastMessageNanos;
            long left = options.inactivityTimeout().toNanos() - idle;
            if (context.closing() || ended) {
                return;
            }
            if (left > 0) {
                watch(context, Duration.ofNanos(left));
            } else if (multi) {
                context.close();
            }
        });
    }

    private void watchInactivity(Duration wait) {
        inactivity = peer.after(wait, () -> {
            long left = options.inactivityTimeout().toNanos() - (System.nanoTime() - lastMessageNanos);
            if (ended) {
                return;
            }
            if (left > 0) {
                watchInactivity(Duration.ofNanos(left));
            } else {
                long seconds = options.inactivityTimeout().toSeconds();
                refuse("input_timeout_exceeded", "No message received within " + seconds + "s.", null);
            }
        });
    }
}
