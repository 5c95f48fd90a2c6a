package ai.callmeback.vendors.tts;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.wire.ErrorBodies;
import ai.callmeback.vendors.wire.Json;
import ai.callmeback.vendors.wire.SocketListener;
import ai.callmeback.vendors.wire.VendorSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/**
 * The multi-context socket. Rules of elevenlabs.md §2 kept here:
 *
 * <ul>
 *   <li>a context's first message is one space with its voice settings, which never come again;
 *   <li>text ends with a space; an empty text to a context would only keep it alive, so it is never sent;
 *   <li>{@code isFinal} comes only after {@code close_context};
 *   <li>audio of a context already closed by the caller still arrives, and is dropped by id;
 *   <li>the socket is kept alive by an empty text without a context, because one for a context that was not begun would
 *       begin it.
 * </ul>
 */
final class SocketSession implements TtsSession, SocketListener {

    /** Well below the timeout asked for in the address, and below the 20 s of a vendor that ignores it. */
    private static final long KEEP_ALIVE_MILLIS = 8_000;

    /** Texts given before the socket is open; more than this much speech is never prepared ahead. */
    private static final int MAX_WAITING_MESSAGES = 256;

    private static final long NOT_WAITING = Long.MIN_VALUE;

    private final TtsOptions options;
    private final EventLoop loop;
    private final TtsListener listener;
    private final AudioMessage message = new AudioMessage();
    private final Map<String, Context> contexts = new HashMap<>();
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private @Nullable VendorSocket socket;
    private @Nullable Future<?> ticker;
    private long lastSentNanos;
    private long characters;
    private int openContexts;
    private boolean open;
    private boolean over;

    SocketSession(TtsOptions options, EventLoop loop, TtsListener listener) {
        this.options = options;
        this.loop = loop;
        this.listener = listener;
    }

    void attach(VendorSocket opening) {
        socket = opening;
    }

    private static final class Context {
        private boolean closed;
        private boolean flushed = true;
        private long audioBytes;
        /** Since when audio of a flush, or the end after a close, is owed; {@link #NOT_WAITING} if nothing is. */
        private long owedSinceNanos = NOT_WAITING;
    }

    // ------------------------------------------------------------------ texts

    @Override
    public void startContext(String contextId) {
        if (over || contexts.containsKey(contextId)) {
            return;
        }
        if (openContexts >= MAX_OPEN_CONTEXTS) {
            listener.onEvent(new TtsEvent.ContextFailed(
                    contextId,
                    VendorFault.of(
                            ElevenLabsTextToSpeech.VENDOR, Kind.LIMIT, MAX_OPEN_CONTEXTS + " contexts are open")));
            return;
        }
        openContexts++;
        contexts.put(contextId, new Context());
        ByteBuf json = buffer();
        try (JsonGenerator generator = Json.generator(json)) {
            generator.writeStartObject();
            generator.writeStringProperty("text", " ");
            generator.writeStringProperty("context_id", contextId);
            generator.writeName("voice_settings");
            TtsJson.voiceSettings(generator, options);
            generator.writeEndObject();
        }
        send(json);
    }

    @Override
    public void text(String contextId, String text) {
        Context context = contexts.get(contextId);
        if (over || context == null || context.closed || text.isBlank()) {
            return;
        }
        String spoken = text.endsWith(" ") ? text : text + " ";
        characters += spoken.codePointCount(0, spoken.length());
        context.flushed = false;
        ByteBuf json = buffer();
        try (JsonGenerator generator = Json.generator(json)) {
            generator.writeStartObject();
            generator.writeStringProperty("text", spoken);
            generator.writeStringProperty("context_id", contextId);
            generator.writeEndObject();
        }
        send(json);
    }

    @Override
    public void flush(String contextId) {
        Context context = contexts.get(contextId);
        if (!over && context != null && !context.closed && !context.flushed) {
            context.flushed = true;
            owe(context);
            send(command(contextId, "flush"));
        }
    }

    @Override
    public void closeContext(String contextId) {
        Context context = contexts.get(contextId);
        if (over || context == null || context.closed) {
            return;
        }
        // Flush first: text that did not fill a schedule yet would otherwise be lost.
        flush(contextId);
        context.closed = true;
        openContexts--;
        send(command(contextId, "close_context"));
        owe(context);
    }

    @Override
    public void cancelContext(String contextId) {
        Context context = contexts.remove(contextId);
        if (over || context == null || context.closed) {
            return;
        }
        openContexts--;
        send(command(contextId, "close_context"));
    }

    private static void owe(Context context) {
        if (context.owedSinceNanos == NOT_WAITING) {
            context.owedSinceNanos = System.nanoTime();
        }
    }

    private ByteBuf command(String contextId, String flag) {
        ByteBuf json = buffer();
        try (JsonGenerator generator = Json.generator(json)) {
            generator.writeStartObject();
            generator.writeStringProperty("context_id", contextId);
            generator.writeBooleanProperty(flag, true);
            generator.writeEndObject();
        }
        return json;
    }

    private ByteBuf buffer() {
        VendorSocket current = socket;
        return current == null ? Unpooled.buffer(256) : current.buffer(256);
    }

    private void send(ByteBuf json) {
        VendorSocket current = socket;
        if (open && current != null) {
            lastSentNanos = System.nanoTime();
            current.sendText(json);
        } else if (waiting.size() < MAX_WAITING_MESSAGES) {
            waiting.add(json);
        } else {
            json.release();
            fail(VendorFault.of(ElevenLabsTextToSpeech.VENDOR, Kind.LIMIT, "too many texts before the socket opened"));
        }
    }

    @Override
    public long charactersBilled() {
        return characters;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    // ------------------------------------------------------------------ answers

    @Override
    public void onOpen(HttpHeaders response) {
        open = true;
        while (!waiting.isEmpty()) {
            send(waiting.poll());
        }
        long now = System.nanoTime();
        contexts.values().stream()
                .filter(context -> context.owedSinceNanos != NOT_WAITING)
                .forEach(context -> context.owedSinceNanos = now);
        ticker = loop.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
        listener.onEvent(new TtsEvent.Opened());
    }

    @Override
    public void onText(ByteBuf json) {
        try (JsonParser parser = Json.parser(json)) {
            message.read(parser);
        } catch (JacksonException e) {
            fail(VendorFault.of(
                    ElevenLabsTextToSpeech.VENDOR,
                    Kind.PROTOCOL,
                    "a message is not JSON: " + e.getClass().getSimpleName()));
            return;
        }
        if (!message.error.isEmpty()) {
            error();
            return;
        }
        String contextId = message.contextId;
        Context context = contexts.get(contextId);
        if (context == null) {
            return;
        }
        boolean last = message.isFinal;
        if (message.audio != null && message.audio.length > 0) {
            audio(contextId, context, message.audio);
        }
        if (last) {
            ended(contextId, context);
        }
    }

    private void audio(String contextId, Context context, byte[] audio) {
        long offset = context.audioBytes;
        context.audioBytes += audio.length;
        context.owedSinceNanos = context.closed ? System.nanoTime() : NOT_WAITING;
        listener.onEvent(new TtsEvent.Audio(contextId, Unpooled.wrappedBuffer(audio), offset, message.alignment));
    }

    private void ended(String contextId, Context context) {
        contexts.remove(contextId);
        if (!context.closed) {
            openContexts--;
        }
        if (!over) {
            listener.onEvent(new TtsEvent.ContextFinal(contextId));
        }
    }

    /** An error may concern one context only; one without a context is the socket's, and its close follows. */
    private void error() {
        VendorFault fault = VendorFault.of(
                ElevenLabsTextToSpeech.VENDOR,
                message.error.contains("timeout")
                        ? Kind.TIMEOUT
                        : ErrorBodies.kindOf(message.code >= 1000 ? 400 : message.code, message.error),
                message.code,
                message.error,
                message.message.isEmpty() ? message.error : message.message);
        if (message.contextId.isEmpty()) {
            fail(fault);
        } else {
            contextFailed(message.contextId, fault);
        }
    }

    private void contextFailed(String contextId, VendorFault fault) {
        Context context = contexts.remove(contextId);
        if (context == null) {
            return;
        }
        if (!context.closed) {
            openContexts--;
        }
        listener.onEvent(new TtsEvent.ContextFailed(contextId, fault));
    }

    // ------------------------------------------------------------------ time

    private void tick() {
        long now = System.nanoTime();
        if (now - lastSentNanos > TimeUnit.MILLISECONDS.toNanos(KEEP_ALIVE_MILLIS)) {
            ByteBuf json = buffer();
            json.writeBytes(KEEP_ALIVE);
            send(json);
        }
        long limit = VendorPolicy.ELEVENLABS_AUDIO.deadline().toNanos();
        for (Map.Entry<String, Context> entry : contexts.entrySet()) {
            long since = entry.getValue().owedSinceNanos;
            if (since != NOT_WAITING && now - since > limit) {
                late(entry.getKey());
                // The listener may have changed the contexts; any other is found by the next tick.
                return;
            }
        }
    }

    private void late(String contextId) {
        send(command(contextId, "close_context"));
        contextFailed(
                contextId,
                VendorFault.of(
                        ElevenLabsTextToSpeech.VENDOR,
                        Kind.TIMEOUT,
                        "no audio for "
                                + VendorPolicy.ELEVENLABS_AUDIO.deadline().toMillis() + " ms"));
    }

    private static final byte[] KEEP_ALIVE = "{\"text\":\"\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE_SOCKET = "{\"close_socket\":true}".getBytes(StandardCharsets.US_ASCII);

    // ------------------------------------------------------------------ end

    private void fail(VendorFault fault) {
        VendorSocket current = socket;
        if (current != null) {
            current.fail(fault);
        }
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        if (open) {
            ByteBuf json = buffer();
            json.writeBytes(CLOSE_SOCKET);
            send(json);
        }
        finish();
        if (socket != null) {
            socket.close();
        }
    }

    @Override
    public void onClosed(VendorFault fault) {
        if (!over) {
            finish();
            listener.onEvent(new TtsEvent.Closed(fault));
        }
    }

    private void finish() {
        if (ticker == null) {
            // Never open: nothing was submitted.
            characters = 0;
        } else {
            ticker.cancel(false);
        }
        over = true;
        open = false;
        contexts.clear();
        waiting.forEach(ByteBuf::release);
        waiting.clear();
    }

    /** Policy close 1008 is the vendor's answer to a bad key, a used-up quota, an unknown voice and to silence. */
    @Override
    public VendorFault meaningOf(int code, String reason) {
        Kind kind;
        if (code != 1008) {
            kind = code == 1011 ? Kind.SERVER_ERROR : Kind.DROPPED;
        } else if (reason.contains("timeout") || reason.contains("No message received")) {
            kind = Kind.TIMEOUT;
        } else if (reason.contains("quota")) {
            kind = Kind.QUOTA;
        } else if (reason.contains("api_key") || reason.contains("API key")) {
            kind = Kind.UNAUTHORIZED;
        } else {
            kind = Kind.BAD_REQUEST;
        }
        return VendorFault.of(
                ElevenLabsTextToSpeech.VENDOR, kind, code, "", reason.isEmpty() ? "closed by the vendor" : reason);
    }
}
