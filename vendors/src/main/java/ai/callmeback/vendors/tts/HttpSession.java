package ai.callmeback.vendors.tts;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.wire.ErrorBodies;
import ai.callmeback.vendors.wire.HttpExchange;
import ai.callmeback.vendors.wire.HttpListener;
import ai.callmeback.vendors.wire.Json;
import ai.callmeback.vendors.wire.LoopHttpClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/**
 * The fallback: one HTTP request per flush, one at a time, in order. Contexts are ours alone here, the vendor knows
 * only texts.
 */
final class HttpSession implements TtsSession {

    private static final int BYTES_PER_MILLI = 8;
    private static final int ALIGNMENT_SLACK_MILLIS = 250;
    private static final int MAX_WAITING_REQUESTS = 32;

    private final LoopHttpClient http;
    private final URI address;
    private final HttpHeaders headers;
    private final TtsOptions options;
    private final EventLoop loop;
    private final TtsListener listener;
    private final Map<String, Context> contexts = new LinkedHashMap<>();
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private @Nullable Request running;
    private long characters;
    private boolean over;

    HttpSession(
            LoopHttpClient http,
            URI address,
            HttpHeaders headers,
            TtsOptions options,
            EventLoop loop,
            TtsListener listener) {
        this.http = http;
        this.address = address;
        this.headers = headers;
        this.options = options;
        this.loop = loop;
        this.listener = listener;
    }

    private static final class Context {
        private final StringBuilder text = new StringBuilder();
        private long audioBytes;
        private int requests;
        private boolean closed;
    }

    /** Opened is reported on the next turn of the loop, so that the caller holds the session by then. */
    void start() {
        loop.execute(() -> {
            if (!over) {
                listener.onEvent(new TtsEvent.Opened());
            }
        });
    }

    @Override
    public void startContext(String contextId) {
        if (over || contexts.containsKey(contextId)) {
            return;
        }
        if (contexts.size() >= MAX_OPEN_CONTEXTS) {
            listener.onEvent(
                    new TtsEvent.ContextFailed(contextId, fault(Kind.LIMIT, MAX_OPEN_CONTEXTS + " contexts are open")));
            return;
        }
        contexts.put(contextId, new Context());
    }

    @Override
    public void text(String contextId, String text) {
        Context context = contexts.get(contextId);
        if (!over && context != null && !context.closed && !text.isBlank()) {
            context.text.append(text);
            if (!text.endsWith(" ")) {
                context.text.append(' ');
            }
        }
    }

    @Override
    public void flush(String contextId) {
        Context context = contexts.get(contextId);
        if (over || context == null || context.text.isEmpty()) {
            return;
        }
        String text = context.text.toString();
        context.text.setLength(0);
        if (waiting.size() >= MAX_WAITING_REQUESTS) {
            contextFailed(contextId, fault(Kind.LIMIT, MAX_WAITING_REQUESTS + " texts are waiting"));
            return;
        }
        context.requests++;
        waiting.add(new Request(contextId, context, text));
        next();
    }

    @Override
    public void closeContext(String contextId) {
        Context context = contexts.get(contextId);
        if (over || context == null || context.closed) {
            return;
        }
        flush(contextId);
        context.closed = true;
        if (context.requests == 0) {
            // On the next turn of the loop, as an answer of the vendor would be.
            loop.execute(() -> finished(contextId, context));
        }
    }

    @Override
    public void cancelContext(String contextId) {
        if (contexts.remove(contextId) == null) {
            return;
        }
        waiting.removeIf(request -> request.contextId.equals(contextId));
        Request current = running;
        if (current != null && current.contextId.equals(contextId)) {
            current.stop();
            running = null;
            next();
        }
    }

    @Override
    public void close() {
        over = true;
        contexts.clear();
        waiting.clear();
        if (running != null) {
            running.stop();
            running = null;
        }
    }

    @Override
    public long charactersBilled() {
        return characters;
    }

    @Override
    public boolean isOpen() {
        return !over;
    }

    private void next() {
        if (running == null && !waiting.isEmpty()) {
            running = waiting.poll();
            running.post();
        }
    }

    private void finished(String contextId, Context context) {
        if (!over && context.closed && context.requests == 0 && contexts.remove(contextId, context)) {
            listener.onEvent(new TtsEvent.ContextFinal(contextId));
        }
    }

    private void contextFailed(String contextId, VendorFault fault) {
        cancelContext(contextId);
        if (!over) {
            listener.onEvent(new TtsEvent.ContextFailed(contextId, fault));
        }
    }

    private static VendorFault fault(Kind kind, String message) {
        return VendorFault.of(ElevenLabsTextToSpeech.VENDOR, kind, message);
    }

    /** One text on its way; repeated by policy as long as nothing of it was heard. */
    private final class Request implements HttpListener {
        private final String contextId;
        private final Context context;
        private final String text;
        private final AudioMessage message = new AudioMessage();
        private final JsonObjects objects = new JsonObjects(this::onObject);
        private @Nullable HttpExchange exchange;
        private @Nullable Future<?> timer;
        private @Nullable HttpHeaders response;
        private @Nullable StringBuilder errorBody;
        private int status;
        private int attempt = 1;
        private long audioBytes;
        private boolean over;

        Request(String contextId, Context context, String text) {
            this.contextId = contextId;
            this.context = context;
            this.text = text;
        }

        void post() {
            errorBody = null;
            ByteBuf body = ByteBufAllocator.DEFAULT.buffer(512);
            try (JsonGenerator json = Json.generator(body)) {
                json.writeStartObject();
                json.writeStringProperty("text", text);
                json.writeStringProperty("model_id", options.modelId());
                json.writeName("voice_settings");
                TtsJson.voiceSettings(json, options);
                json.writeEndObject();
            }
            deadline();
            exchange = http.post(loop, address, headers, body, VendorPolicy.ELEVENLABS_HTTP.connect(), this);
        }

        private void deadline() {
            if (timer != null) {
                timer.cancel(false);
            }
            timer = loop.schedule(
                    () -> failed(fault(Kind.TIMEOUT, "no audio in time")),
                    VendorPolicy.ELEVENLABS_HTTP.deadline().toMillis(),
                    TimeUnit.MILLISECONDS);
        }

        void stop() {
            over = true;
            if (timer != null) {
                timer.cancel(false);
            }
            if (exchange != null) {
                exchange.cancel();
            }
        }

        @Override
        public void onHead(int code, HttpHeaders headers) {
            status = code;
            response = headers;
            errorBody = code == 200 ? null : new StringBuilder();
            if (code == 200) {
                characters += text.codePointCount(0, text.length());
            }
        }

        @Override
        public void onData(ByteBuf data) {
            if (errorBody != null) {
                errorBody.append(data.toString(StandardCharsets.UTF_8));
                return;
            }
            deadline();
            if (!objects.feed(data)) {
                failed(fault(Kind.LIMIT, "a piece of audio is too long"));
            }
        }

        private void onObject(byte[] json, int length) {
            if (over) {
                return;
            }
            try (JsonParser parser = Json.parser(json, 0, length)) {
                message.read(parser);
            } catch (JacksonException e) {
                failed(fault(Kind.PROTOCOL, "a piece of audio is not JSON"));
                return;
            }
            byte[] audio = message.audio;
            if (audio == null || audio.length == 0) {
                return;
            }
            long offset = context.audioBytes;
            TtsEvent.Alignment alignment = relative(message.alignment, audio.length);
            context.audioBytes += audio.length;
            audioBytes += audio.length;
            listener.onEvent(new TtsEvent.Audio(contextId, Unpooled.wrappedBuffer(audio), offset, alignment));
        }

        /**
         * Whether the times of this stream count from the request or from the piece is not documented: times that do
         * not fit into the piece are taken to count from the request.
         */
        private TtsEvent.@Nullable Alignment relative(TtsEvent.@Nullable Alignment given, int bytes) {
            if (given == null || given.text().isEmpty()) {
                return given;
            }
            int lastStart = given.startMillis()[given.startMillis().length - 1];
            int before = (int) (audioBytes / BYTES_PER_MILLI);
            if (before == 0 || lastStart <= bytes / BYTES_PER_MILLI + ALIGNMENT_SLACK_MILLIS) {
                return given;
            }
            int[] starts = given.startMillis().clone();
            for (int i = 0; i < starts.length; i++) {
                starts[i] = Math.max(0, starts[i] - before);
            }
            return new TtsEvent.Alignment(given.text(), starts, given.durationMillis());
        }

        @Override
        public void onEnd() {
            HttpHeaders head = response;
            if (errorBody != null && head != null) {
                failed(ErrorBodies.fault(ElevenLabsTextToSpeech.VENDOR, status, head, errorBody.toString()));
                return;
            }
            if (objects.inside()) {
                failed(fault(Kind.DROPPED, "the stream ended inside a piece of audio"));
                return;
            }
            stop();
            running = null;
            context.requests--;
            finished(contextId, context);
            next();
        }

        @Override
        public void onFailure(Kind kind, String problem) {
            failed(fault(kind, problem));
        }

        private void failed(VendorFault fault) {
            if (over) {
                return;
            }
            if (fault.retryable() && audioBytes == 0 && attempt < VendorPolicy.ELEVENLABS_HTTP.attempts()) {
                attempt++;
                if (exchange != null) {
                    exchange.cancel();
                }
                if (timer != null) {
                    timer.cancel(false);
                }
                timer = loop.schedule(
                        this::post, VendorPolicy.ELEVENLABS_HTTP.backoff().toMillis(), TimeUnit.MILLISECONDS);
                return;
            }
            contextFailed(contextId, fault);
        }
    }
}
