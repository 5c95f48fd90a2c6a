package ai.callmeback.vendors.llm;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.wire.ErrorBodies;
import ai.callmeback.vendors.wire.HttpExchange;
import ai.callmeback.vendors.wire.HttpListener;
import ai.callmeback.vendors.wire.Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/** Whole answers: each model of the chain as often as the policy says, then the next. */
final class CompleteAnswers {

    private static final int MAX_BODY_BYTES = 1024 * 1024;

    private final OpenAiLanguageModel model;
    private final Supplier<EventLoopGroup> background;

    CompleteAnswers(OpenAiLanguageModel model, Supplier<EventLoopGroup> background) {
        this.model = model;
        this.background = background;
    }

    Mono<LlmReply> complete(LlmRequest request, List<String> models, VendorPolicy policy) {
        return Mono.create(sink -> {
            EventLoop loop = background.get().next();
            Run run = new Run(request, models, policy, loop, sink);
            sink.onCancel(() -> loop.execute(run::cancel));
            loop.execute(() -> run.attempt(0, 1));
        });
    }

    private final class Run {
        private final LlmRequest request;
        private final List<String> models;
        private final VendorPolicy policy;
        private final EventLoop loop;
        private final MonoSink<LlmReply> sink;
        private final List<LlmUsage> usages = new ArrayList<>();
        private @Nullable Attempt current;
        private boolean cancelled;

        Run(LlmRequest request, List<String> models, VendorPolicy policy, EventLoop loop, MonoSink<LlmReply> sink) {
            this.request = request;
            this.models = models;
            this.policy = policy;
            this.loop = loop;
            this.sink = sink;
        }

        void attempt(int position, int number) {
            if (!cancelled) {
                current = new Attempt(this, position, number);
                current.post();
            }
        }

        void cancel() {
            cancelled = true;
            if (current != null) {
                current.stop();
            }
        }

        void failed(Attempt attempt, VendorFault fault) {
            boolean last = attempt.position + 1 >= models.size() || fault.kind() == Kind.UNAUTHORIZED;
            if (fault.retryable() && attempt.number < policy.attempts()) {
                long wait = fault.retryAfter() == null
                        ? policy.backoff().toMillis() << (attempt.number - 1)
                        : Math.min(
                                fault.retryAfter().toMillis(), policy.deadline().toMillis());
                schedule(() -> attempt(attempt.position, attempt.number + 1), wait);
            } else if (last) {
                sink.success(new LlmReply.Failed(fault, List.copyOf(usages)));
            } else {
                attempt(attempt.position + 1, 1);
            }
        }

        @SuppressWarnings("FutureReturnValueIgnored") // a cancelled run looks at its flag when the timer fires
        private void schedule(Runnable next, long millis) {
            loop.schedule(next, millis, TimeUnit.MILLISECONDS);
        }
    }

    private final class Attempt implements HttpListener {
        private final Run run;
        private final int position;
        private final int number;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private HttpHeaders headers = new DefaultHttpHeaders();
        private @Nullable HttpExchange exchange;
        private @Nullable Future<?> deadline;
        private int status;
        private boolean counted;
        private boolean over;

        Attempt(Run run, int position, int number) {
            this.run = run;
            this.position = position;
            this.number = number;
        }

        void post() {
            ByteBuf json = ByteBufAllocator.DEFAULT.buffer();
            LlmRequestBody.write(run.request, run.models.get(position), false, model.settings, json);
            deadline = run.loop.schedule(
                    () -> end(
                            Kind.TIMEOUT,
                            "no answer for " + run.policy.deadline().toMillis() + " ms"),
                    run.policy.deadline().toMillis(),
                    TimeUnit.MILLISECONDS);
            exchange = model.http.post(
                    run.loop, model.address, model.headers("application/json"), json, run.policy.connect(), this);
        }

        void stop() {
            over = true;
            if (deadline != null) {
                deadline.cancel(false);
            }
            if (exchange != null) {
                exchange.cancel();
            }
        }

        @Override
        public void onHead(int code, HttpHeaders response) {
            status = code;
            headers = response;
        }

        @Override
        public void onData(ByteBuf data) {
            if (body.size() + data.readableBytes() > MAX_BODY_BYTES) {
                end(Kind.LIMIT, "the answer is longer than " + MAX_BODY_BYTES + " bytes");
                return;
            }
            try {
                data.readBytes(body, data.readableBytes());
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        @Override
        public void onEnd() {
            if (status != 200) {
                end(ErrorBodies.fault(
                        OpenAiLanguageModel.VENDOR, status, headers, body.toString(StandardCharsets.UTF_8)));
                return;
            }
            ChunkReader answer = new ChunkReader();
            try (JsonParser parser = Json.parser(body.toByteArray(), 0, body.size())) {
                answer.read(parser);
            } catch (JacksonException e) {
                end(Kind.PROTOCOL, "the answer is not JSON: " + e.getClass().getSimpleName());
                return;
            }
            if (answer.error || answer.flatError()) {
                end(StreamedAnswer.errorOf(answer));
                return;
            }
            run.usages.add(usage(answer));
            counted = true;
            if (run.request.answerSchema() != null && StreamedAnswer.wellFormed(answer.content) == null) {
                end(Kind.PROTOCOL, "the answer is not a JSON object");
                return;
            }
            stop();
            run.sink.success(new LlmReply.Answered(
                    answer.content,
                    StreamedAnswer.reason(answer.finishReason),
                    run.models.get(position),
                    List.copyOf(run.usages)));
        }

        private LlmUsage usage(ChunkReader answer) {
            String name = run.models.get(position);
            return answer.promptTokens >= 0 && answer.completionTokens >= 0
                    ? new LlmUsage(name, answer.promptTokens, answer.completionTokens, answer.cachedTokens, false)
                    : new LlmUsage(
                            name,
                            TokenEstimate.ofPrompt(run.request),
                            TokenEstimate.ofCharacters(answer.content.length()),
                            0,
                            true);
        }

        @Override
        public void onFailure(Kind kind, String message) {
            end(kind, message);
        }

        private void end(Kind kind, String message) {
            end(VendorFault.of(OpenAiLanguageModel.VENDOR, kind, message));
        }

        private void end(VendorFault fault) {
            if (!over) {
                stop();
                // A request that was refused or never arrived costs nothing; one that was running does.
                if (!counted && (status == 200 || fault.kind() == Kind.TIMEOUT)) {
                    run.usages.add(usage(new ChunkReader()));
                }
                run.failed(this, fault);
            }
        }
    }
}
