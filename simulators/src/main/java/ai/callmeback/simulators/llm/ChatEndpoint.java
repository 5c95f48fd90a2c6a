package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.Replies;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.tuning.Tuning;
import ai.callmeback.simulators.tuning.TuningSwitch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** {@code POST /chat/completions}: refusals, faults, and answers whole or as server-sent events. */
@RestController
class ChatEndpoint {
    private static final Set<FaultKind> BEFORE = EnumSet.of(
            FaultKind.HTTP_429,
            FaultKind.HTTP_500,
            FaultKind.HTTP_ERROR,
            FaultKind.DROP_REPLY,
            FaultKind.SILENT,
            FaultKind.DELAY);

    /** Events that fall due together leave together: a flush for every token would cost more than the tokens. */
    private static final int FLUSH_MILLIS = 10;

    /** Every so many flushes one is cut in the middle of its bytes, as networks do. */
    private static final int CUT_EVERY = 5;

    /** Close code of a fault that leaves out the usage and is otherwise no fault. */
    private static final int WITHOUT_USAGE = 4;

    private final LlmSettings settings;
    private final Faults faults;
    private final LlmJournal journal;
    private final TuningSwitch tuning;
    private final SimTime time;

    ChatEndpoint(LlmSettings settings, Faults faults, Journal journal, TuningSwitch tuning, SimTime time) {
        this.settings = settings;
        this.faults = faults;
        this.journal = new LlmJournal(journal, settings.journalCharacters());
        this.tuning = tuning;
        this.time = time;
    }

    @PostMapping("/llm/v1/chat/completions")
    Mono<Void> complete(@RequestBody Mono<String> body, ServerWebExchange exchange) {
        return body.defaultIfEmpty("").flatMap(text -> complete(text, exchange));
    }

    private Mono<Void> complete(String body, ServerWebExchange exchange) {
        String id = "chatcmpl-" + UUID.randomUUID();
        exchange.getResponse().getHeaders().set("x-request-id", id);
        ChatRequest request;
        int promptTokens;
        try {
            if (!settings.accepts(exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION))) {
                throw new LlmError(
                        401, "invalid_request_error", null, "invalid_api_key", "Incorrect API key provided.");
            }
            request = ChatRequest.parse(body);
            promptTokens = check(request);
        } catch (LlmError refused) {
            journal.refused(id, refused.status, refused.code);
            return error(exchange, refused.status, refused.wrapped(), null);
        }
        Optional<Fault> fault = faults.take("llm", "chat.completions", BEFORE, id, request.model(), request.user());
        if (fault.isPresent()) {
            return faulty(fault.get(), request, promptTokens, id, exchange);
        }
        return answer(request, promptTokens, id, exchange);
    }

    private int check(ChatRequest request) throws LlmError {
        if (!settings.has(request.model())) {
            throw new LlmError(
                    404,
                    "invalid_request_error",
                    "model",
                    "model_not_found",
                    "The model `" + request.model() + "` does not exist or you do not have access to it.");
        }
        int promptTokens = Tokenizer.countPrompt(request);
        if (promptTokens > settings.contextTokens()) {
            throw new LlmError(
                    400,
                    "invalid_request_error",
                    "messages",
                    "context_length_exceeded",
                    "This model's maximum context length is " + settings.contextTokens()
                            + " tokens, your messages have " + promptTokens + ".");
        }
        return promptTokens;
    }

    /** The error code of a fault chooses the shape: 429 wrapped (0), flat without retry-after (1), no quota left (2). */
    private Mono<Void> faulty(
            Fault fault, ChatRequest request, int promptTokens, String id, ServerWebExchange exchange) {
        switch (fault.kind()) {
            case DELAY -> {
                return Mono.delay(Duration.ofMillis(fault.delayMillis()))
                        .then(Mono.defer(() -> answer(request, promptTokens, id, exchange)));
            }
            case DROP_REPLY -> {
                return Replies.drop(exchange.getResponse());
            }
            case SILENT -> {
                return Replies.silence();
            }
            case HTTP_429 -> {
                return tooMany(fault, id, exchange);
            }
            default -> {
                int status = fault.kind() == FaultKind.HTTP_500 ? 500 : fault.httpStatus();
                LlmError failed = new LlmError(
                        status,
                        status >= 500 ? "api_error" : "invalid_request_error",
                        null,
                        "server_error",
                        "Told to fail.");
                journal.refused(id, status, failed.code);
                return error(exchange, status, fault.errorCode() == 1 ? failed.flat() : failed.wrapped(), null);
            }
        }
    }

    private Mono<Void> tooMany(Fault fault, String id, ServerWebExchange exchange) {
        LlmError refused = switch (fault.errorCode()) {
            case 1 ->
                new LlmError(
                        429,
                        "too_many_requests_error",
                        "queue",
                        "queue_exceeded",
                        "We're experiencing high traffic right now! Please try again soon.");
            case 2 ->
                new LlmError(429, "insufficient_quota", null, "insufficient_quota", "You exceeded your current quota.");
            default -> new LlmError(429, "requests", null, "rate_limit_exceeded", "Rate limit reached for requests.");
        };
        journal.refused(id, refused.status, refused.code);
        return fault.errorCode() == 1
                ? error(exchange, 429, refused.flat(), null)
                : error(exchange, 429, refused.wrapped(), fault.errorCode() == 0 ? "1" : null);
    }

    private Mono<Void> answer(ChatRequest request, int promptTokens, String id, ServerWebExchange exchange) {
        journal.asked(id, request, promptTokens);
        String thought =
                request.reasons() && request.model().startsWith("gpt-oss") ? "The user expects an answer." : "";
        ChatStream stream = new ChatStream(
                id, time.now().getEpochSecond(), request, promptTokens, Persona.answer(request), thought);
        Optional<Fault> cut = faults.take(
                "llm", "chat.completions", EnumSet.of(FaultKind.CLOSE), id, request.model(), request.user());
        return request.stream()
                ? streamed(request, stream, id, cut, exchange)
                : whole(request, stream, id, cut.isPresent(), exchange);
    }

    private Mono<Void> whole(
            ChatRequest request, ChatStream stream, String id, boolean cut, ServerWebExchange exchange) {
        Tuning speed = tuning.now();
        long millis = speed.llmFirstTokenMillis()
                + (speed.llmTokensPerSecond() == 0
                        ? 0
                        : 1000L * stream.completionTokens() / speed.llmTokensPerSecond());
        if (cut) {
            journal.generated(id, request, stream, stream.completionTokens(), true);
            return Replies.drop(exchange.getResponse());
        }
        Mono<Void> written = Mono.defer(() -> write(exchange, 200, stream.completion()));
        return (millis == 0 ? written : Mono.delay(Duration.ofMillis(millis)).then(written))
                .doFinally(end ->
                        journal.generated(id, request, stream, stream.completionTokens(), end == SignalType.CANCEL));
    }

    private Mono<Void> streamed(
            ChatRequest request, ChatStream stream, String id, Optional<Fault> cut, ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        response.getHeaders().setCacheControl("no-cache");
        AtomicInteger generated = new AtomicInteger();
        AtomicInteger flushes = new AtomicInteger();
        // The signal at the end does not tell a reader who left from one who has read all.
        AtomicBoolean generatedAll = new AtomicBoolean();
        boolean withoutUsage = cut.isPresent() && cut.get().closeCode() == WITHOUT_USAGE;
        List<ChatStream.Event> events = stream.events(!withoutUsage);
        boolean complete = cut.isEmpty() || withoutUsage;
        int sent = complete ? events.size() : Math.min(events.size(), 4);
        Flux<String> timed = Pace.of(tuning.now(), FLUSH_MILLIS).pace(events.subList(0, sent), generated);
        String ending = complete ? "data: [DONE]\n\n" : endingOf(cut.get());
        Flux<Flux<DataBuffer>> buffers = Flux.concat(timed, ending.isEmpty() ? Flux.empty() : Flux.just(ending))
                .doOnComplete(() -> generatedAll.set(complete))
                .map(text -> buffers(text, response.bufferFactory(), flushes.incrementAndGet()));
        Mono<Void> written = response.writeAndFlushWith(buffers);
        boolean abrupt = !complete && cut.get().closeCode() == 0;
        return (abrupt ? written.onErrorComplete().then(Replies.<Void>drop(response)) : written)
                .doFinally(end -> journal.generated(id, request, stream, generated.get(), !generatedAll.get()));
    }

    /** How a stream breaks off: cut (0), ended without {@code [DONE]} (1), an error event (2), a bare error (3). */
    private static String endingOf(Fault cut) {
        return switch (cut.closeCode()) {
            case 2 ->
                "data: {\"error\":{\"message\":\"The server had an error while processing your request.\","
                        + "\"type\":\"server_error\",\"param\":null,\"code\":null},\"status_code\":500}\n\n";
            case 3 -> "data: {\"error\":\"model runner has unexpectedly stopped\"}\n\n";
            default -> "";
        };
    }

    private static Flux<DataBuffer> buffers(String text, DataBufferFactory factory, int flush) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (flush % CUT_EVERY != 0) {
            return Flux.just(factory.wrap(bytes));
        }
        int middle = bytes.length / 2;
        return Flux.just(
                factory.wrap(Arrays.copyOf(bytes, middle)),
                factory.wrap(Arrays.copyOfRange(bytes, middle, bytes.length)));
    }

    private static Mono<Void> error(
            ServerWebExchange exchange, int status, String body, @Nullable String retryAfterSeconds) {
        if (retryAfterSeconds != null) {
            exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, retryAfterSeconds);
        }
        return write(exchange, status, body);
    }

    private static Mono<Void> write(ServerWebExchange exchange, int status, String body) {
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body.getBytes(StandardCharsets.UTF_8))));
    }
}
