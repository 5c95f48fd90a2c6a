package ai.callmeback.vendors.llm;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.wire.ErrorBodies;
import ai.callmeback.vendors.wire.HttpExchange;
import ai.callmeback.vendors.wire.HttpListener;
import ai.callmeback.vendors.wire.Json;
import ai.callmeback.vendors.wire.SseParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A streamed answer over the chain of models; one {@link Attempt} per vendor request. */
final class StreamedAnswer implements LlmCall {

    private static final int FIRST_BODY_BYTES = 8 * 1024;

    private final OpenAiLanguageModel model;
    private final LlmRequest request;
    private final List<String> models;
    private final EventLoop loop;
    private final LlmListener listener;
    private @Nullable Attempt attempt;
    private boolean spoken;
    private boolean done;

    StreamedAnswer(
            OpenAiLanguageModel model, LlmRequest request, List<String> models, EventLoop loop, LlmListener listener) {
        this.model = model;
        this.request = request;
        this.models = models;
        this.loop = loop;
        this.listener = listener;
    }

    void start() {
        begin(0);
    }

    private void begin(int position) {
        Attempt next = new Attempt(position);
        attempt = next;
        next.post();
    }

    @Override
    public void cancel() {
        if (done) {
            return;
        }
        done = true;
        if (attempt != null) {
            attempt.abandon();
        }
    }

    @Override
    public boolean isDone() {
        return done;
    }

    private void failed(Attempt failing, VendorFault fault) {
        int next = failing.position + 1;
        boolean worthTrying = next < models.size() && !spoken && fault.kind() != Kind.UNAUTHORIZED;
        model.failed(failing.name(), fault);
        if (worthTrying) {
            listener.onEvent(new LlmEvent.FellBack(failing.name(), models.get(next), fault));
            // The listener may have cancelled.
            if (!done) {
                begin(next);
            }
        } else {
            done = true;
            listener.onEvent(new LlmEvent.Failed(fault, spoken));
        }
    }

    /** One request to one model. */
    private final class Attempt implements HttpListener, Runnable {
        private final int position;
        private final ChunkReader chunk = new ChunkReader();
        private final SseParser events = new SseParser(this::onEvent);
        private @Nullable HttpExchange exchange;
        private @Nullable HttpHeaders headers;
        private @Nullable StringBuilder errorBody;
        private @Nullable Future<?> timer;
        private int status;
        private long lastHeardNanos;
        private boolean anyToken;
        private long characters;
        private boolean accepted;
        private boolean over;

        Attempt(int position) {
            this.position = position;
        }

        String name() {
            return models.get(position);
        }

        void post() {
            ByteBuf body = ByteBufAllocator.DEFAULT.buffer(FIRST_BODY_BYTES);
            LlmRequestBody.write(request, name(), true, model.settings, body);
            lastHeardNanos = System.nanoTime();
            timer = loop.schedule(this, deadlineNanos(), TimeUnit.NANOSECONDS);
            exchange = model.http.post(
                    loop, model.address, model.streamHeaders, body, VendorPolicy.LLM_FIRST_TOKEN.connect(), this);
        }

        // -------------------------------------------------------------- deadlines

        private long deadlineNanos() {
            return (anyToken ? VendorPolicy.LLM_NEXT_TOKEN : VendorPolicy.LLM_FIRST_TOKEN)
                    .deadline()
                    .toNanos();
        }

        /** The timer is not moved by every token; when it fires it looks how long the silence really was. */
        @Override
        public void run() {
            long left = deadlineNanos() - (System.nanoTime() - lastHeardNanos);
            if (over) {
                return;
            }
            if (left > 0) {
                timer = loop.schedule(this, left, TimeUnit.NANOSECONDS);
                return;
            }
            String what = anyToken ? "no further token for " : "no token for ";
            end(VendorFault.of(OpenAiLanguageModel.VENDOR, Kind.TIMEOUT, what + deadlineNanos() / 1_000_000 + " ms"));
        }

        // -------------------------------------------------------------- answer

        @Override
        public void onHead(int code, HttpHeaders response) {
            status = code;
            headers = response;
            accepted = code == 200;
            if (!accepted) {
                errorBody = new StringBuilder();
            }
        }

        @Override
        public void onData(ByteBuf data) {
            if (errorBody != null) {
                if (errorBody.length() < FIRST_BODY_BYTES) {
                    errorBody.append(data.toString(StandardCharsets.UTF_8));
                }
                return;
            }
            if (!events.feed(data) && !over) {
                end(VendorFault.of(OpenAiLanguageModel.VENDOR, Kind.LIMIT, "an event is too long"));
            }
        }

        @Override
        public void onEnd() {
            HttpHeaders response = headers;
            if (errorBody != null && response != null) {
                end(ErrorBodies.fault(OpenAiLanguageModel.VENDOR, status, response, errorBody.toString()));
                return;
            }
            events.end();
            if (over) {
                return;
            }
            end(VendorFault.of(OpenAiLanguageModel.VENDOR, Kind.DROPPED, "the stream ended without [DONE]"));
        }

        @Override
        public void onFailure(Kind kind, String message) {
            end(VendorFault.of(OpenAiLanguageModel.VENDOR, kind, message));
        }

        private void onEvent(boolean errorEvent, byte[] data, int length) {
            if (over) {
                return;
            }
            if (isDone(data, length)) {
                complete();
                return;
            }
            try (JsonParser parser = Json.parser(data, 0, length)) {
                chunk.read(parser);
            } catch (JacksonException e) {
                end(VendorFault.of(
                        OpenAiLanguageModel.VENDOR,
                        Kind.PROTOCOL,
                        "an event is not JSON: " + e.getClass().getSimpleName()));
                return;
            }
            if (chunk.error || errorEvent || chunk.flatError()) {
                end(errorOf(chunk));
                return;
            }
            tokens();
        }

        private void tokens() {
            int now = chunk.content.length() + chunk.reasoningCharacters;
            if (now > 0 || !chunk.tools.isEmpty()) {
                anyToken = true;
            }
            lastHeardNanos = System.nanoTime();
            characters += now;
            if (!chunk.content.isEmpty()) {
                spoken = true;
                listener.onEvent(new LlmEvent.Delta(chunk.content));
            }
        }

        private static boolean isDone(byte[] data, int length) {
            return length >= 6
                    && data[0] == '['
                    && data[1] == 'D'
                    && data[2] == 'O'
                    && data[3] == 'N'
                    && data[4] == 'E'
                    && data[5] == ']';
        }

        private void complete() {
            over = true;
            stopTimer();
            usage();
            if (done) {
                return;
            }
            for (ChunkReader.PartialTool tool : chunk.tools) {
                String arguments = wellFormed(tool.arguments);
                if (tool.name.isEmpty() || arguments == null) {
                    refuseTool();
                    return;
                }
                String id = tool.id.isEmpty() ? "call_" + chunk.tools.indexOf(tool) : tool.id;
                spoken = true;
                listener.onEvent(new LlmEvent.ToolCall(id, tool.name, arguments));
                if (done) {
                    return;
                }
            }
            done = true;
            listener.onEvent(new LlmEvent.Finished(reason(chunk.finishReason), name()));
        }

        private void refuseTool() {
            failed(this, VendorFault.of(OpenAiLanguageModel.VENDOR, Kind.PROTOCOL, "a tool call is malformed"));
        }

        private void end(VendorFault fault) {
            if (over) {
                return;
            }
            over = true;
            stopTimer();
            if (exchange != null) {
                exchange.cancel();
            }
            // A request that was refused or never arrived costs nothing; one that was running does.
            if (accepted || fault.kind() == Kind.TIMEOUT) {
                usage();
            }
            if (!done) {
                failed(this, fault);
            }
        }

        void abandon() {
            if (over) {
                return;
            }
            over = true;
            stopTimer();
            if (exchange != null) {
                exchange.cancel();
            }
            usage();
        }

        private void stopTimer() {
            if (timer != null) {
                timer.cancel(false);
            }
        }

        private void usage() {
            boolean told = chunk.promptTokens >= 0 && chunk.completionTokens >= 0;
            long toolCharacters = 0;
            for (ChunkReader.PartialTool tool : chunk.tools) {
                toolCharacters += tool.name.length() + tool.arguments.length();
            }
            listener.onEvent(new LlmEvent.Usage(
                    told
                            ? new LlmUsage(
                                    name(), chunk.promptTokens, chunk.completionTokens, chunk.cachedTokens, false)
                            : new LlmUsage(
                                    name(),
                                    TokenEstimate.ofPrompt(request),
                                    TokenEstimate.ofCharacters(characters + toolCharacters),
                                    0,
                                    true)));
        }
    }

    static VendorFault errorOf(ChunkReader chunk) {
        return VendorFault.of(
                OpenAiLanguageModel.VENDOR,
                ErrorBodies.kindOf(chunk.errorStatus, chunk.errorCode),
                chunk.errorStatus,
                chunk.errorCode,
                chunk.errorMessage.isEmpty() ? "the vendor reported an error" : chunk.errorMessage);
    }

    static LlmEvent.FinishReason reason(String wire) {
        return switch (wire) {
            case "stop", "" -> LlmEvent.FinishReason.STOP;
            case "length" -> LlmEvent.FinishReason.LENGTH;
            case "tool_calls", "function_call" -> LlmEvent.FinishReason.TOOL_CALLS;
            case "content_filter" -> LlmEvent.FinishReason.CONTENT_FILTER;
            default -> LlmEvent.FinishReason.OTHER;
        };
    }

    /** The arguments if they are one JSON object, {@code {}} if there are none, null if they are anything else. */
    static @Nullable String wellFormed(CharSequence arguments) {
        String text = arguments.toString().strip();
        if (text.isEmpty()) {
            return "{}";
        }
        try (JsonParser parser = Json.parser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            parser.skipChildren();
            return parser.nextToken() == null ? text : null;
        } catch (JacksonException malformed) {
            return null;
        }
    }
}
