package ai.callmeback.simulators.elevenlabs;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Replies;
import ai.callmeback.simulators.speech.Speech;
import ai.callmeback.simulators.tuning.Tuning;
import ai.callmeback.simulators.tuning.TuningSwitch;
import ai.callmeback.simulators.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Speech by HTTP, and the account: models, subscription, history. */
@RestController
@RequestMapping("/elevenlabs/v1")
class ElevenLabsController {
    private static final Set<FaultKind> KINDS = EnumSet.of(
            FaultKind.HTTP_429,
            FaultKind.HTTP_500,
            FaultKind.HTTP_ERROR,
            FaultKind.DROP_REPLY,
            FaultKind.SILENT,
            FaultKind.DELAY);

    private final ElevenLabsSettings settings;
    private final TtsAccount account;
    private final TuningSwitch tuning;
    private final Faults faults;
    private final AtomicInteger running = new AtomicInteger();

    ElevenLabsController(ElevenLabsSettings settings, TtsAccount account, TuningSwitch tuning, Faults faults) {
        this.settings = settings;
        this.account = account;
        this.tuning = tuning;
        this.faults = faults;
    }

    @PostMapping("/text-to-speech/{voice}/stream")
    Mono<Void> stream(@PathVariable String voice, @RequestBody Mono<String> body, ServerWebExchange exchange) {
        return speak(voice, body, exchange, MediaType.parseMediaType("audio/basic"), Segment::audio);
    }

    @PostMapping("/text-to-speech/{voice}/stream/with-timestamps")
    Mono<Void> streamWithTimestamps(
            @PathVariable String voice, @RequestBody Mono<String> body, ServerWebExchange exchange) {
        return speak(voice, body, exchange, MediaType.APPLICATION_JSON, ElevenLabsController::timed);
    }

    @GetMapping("/models")
    List<Map<String, Object>> models() {
        List<Map<String, Object>> models = new ArrayList<>();
        for (VoiceModel model : VoiceModel.values()) {
            models.add(Details.of(
                    "model_id",
                    model.id,
                    "name",
                    model.id,
                    "can_do_text_to_speech",
                    true,
                    "maximum_text_length_per_request",
                    model.maxCharacters,
                    "concurrency_group",
                    model.costMultiplier < 1 ? "turbo" : "standard",
                    "model_rates",
                    Map.of("character_cost_multiplier", model.costMultiplier)));
        }
        return models;
    }

    @GetMapping("/user/subscription")
    Mono<Void> subscription(ServerWebExchange exchange) {
        return authorized(
                exchange,
                Details.of(
                        "tier",
                        "pro",
                        "character_count",
                        account.credits(),
                        "character_limit",
                        settings.characterLimit(),
                        "can_extend_character_limit",
                        true,
                        "allowed_to_extend_character_limit",
                        true,
                        "status",
                        "active",
                        "currency",
                        "usd",
                        "billing_period",
                        "monthly_period"));
    }

    /** Credits by day, UTC; both ends in milliseconds. Only what the product asks for: {@code metric=credits} by day. */
    @GetMapping("/usage/character-stats")
    Mono<Void> usage(
            @RequestParam(name = "start_unix") long start,
            @RequestParam(name = "end_unix") long end,
            ServerWebExchange exchange) {
        SortedMap<LocalDate, Double> days = account.creditsByDay(
                LocalDate.ofInstant(Instant.ofEpochMilli(start), ZoneOffset.UTC),
                LocalDate.ofInstant(Instant.ofEpochMilli(end), ZoneOffset.UTC));
        return authorized(
                exchange,
                Details.of(
                        "time",
                        days.keySet().stream()
                                .map(day -> day.atStartOfDay(ZoneOffset.UTC)
                                        .toInstant()
                                        .toEpochMilli())
                                .toList(),
                        "usage",
                        Map.of("All", List.copyOf(days.values()))));
    }

    @GetMapping("/history")
    Mono<Void> history(
            @RequestParam(name = "page_size", defaultValue = "100") int pageSize,
            @RequestParam(name = "start_after_history_item_id", defaultValue = "") String after,
            ServerWebExchange exchange) {
        List<TtsAccount.Item> items = account.history();
        int from = 0;
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).itemId().equals(after)) {
                from = i + 1;
            }
        }
        int to = Math.min(items.size(), from + Math.clamp(pageSize, 1, 1000));
        List<TtsAccount.Item> page = items.subList(from, to);
        return authorized(
                exchange,
                Details.of(
                        "history",
                        page.stream().map(ElevenLabsController::item).toList(),
                        "has_more",
                        to < items.size(),
                        "last_history_item_id",
                        page.isEmpty() ? "" : page.getLast().itemId()));
    }

    private Mono<Void> speak(
            String voice,
            Mono<String> body,
            ServerWebExchange exchange,
            MediaType type,
            BiFunction<Segment, Segment.Chunk, byte[]> form) {
        if (!settings.accepts(TtsEndpoint.offeredKey(exchange.getRequest()))) {
            return TtsEndpoint.refuse(exchange, 401, "invalid_api_key", "Invalid API key");
        }
        Optional<Fault> taken = faults.take("elevenlabs", "http", KINDS, voice);
        Duration wait = Duration.ZERO;
        if (taken.isPresent()) {
            Fault fault = taken.get();
            switch (fault.kind()) {
                case HTTP_429 -> {
                    return TtsEndpoint.refuse(exchange, 429, "system_busy", "The system is busy, please try again.");
                }
                case HTTP_500 -> {
                    return TtsEndpoint.refuse(exchange, 500, "internal_error", "Something went wrong.");
                }
                case DROP_REPLY -> {
                    return Replies.drop(exchange.getResponse());
                }
                case SILENT -> {
                    return Replies.silence();
                }
                case DELAY -> wait = Duration.ofMillis(fault.delayMillis());
                default -> {
                    return TtsEndpoint.refuse(exchange, fault.httpStatus(), "refused", "Refused.");
                }
            }
        }
        Mono<Void> spoken = body.defaultIfEmpty("").flatMap(text -> generate(voice, text, exchange, type, form));
        return wait.isZero() ? spoken : Mono.delay(wait).then(spoken);
    }

    private Mono<Void> generate(
            String voice,
            String body,
            ServerWebExchange exchange,
            MediaType type,
            BiFunction<Segment, Segment.Chunk, byte[]> form) {
        JsonNode json = Json.object(body);
        String text = Json.text(json, "text");
        if (text == null) {
            return unprocessable(exchange);
        }
        TtsOptions options;
        try {
            options = TtsOptions.parse(voice, exchange.getRequest().getQueryParams(), Json.text(json, "model_id"))
                    .withKnownVoice();
            if (text.length() > options.model().maxCharacters) {
                throw new TtsOptions.Refused(
                        400,
                        "max_character_limit_exceeded",
                        "At most " + options.model().maxCharacters + " characters, got " + text.length());
            }
        } catch (TtsOptions.Refused refused) {
            return TtsEndpoint.refuse(
                    exchange, refused.httpStatus, refused.status, String.valueOf(refused.getMessage()));
        }
        if (running.incrementAndGet() > settings.maxConcurrentRequests()) {
            running.decrementAndGet();
            return TtsEndpoint.refuse(exchange, 429, "too_many_concurrent_requests", "Too many concurrent requests.");
        }
        return speak(options, text, exchange, type, form).doFinally(end -> running.decrementAndGet());
    }

    private Mono<Void> speak(
            TtsOptions options,
            String text,
            ServerWebExchange exchange,
            MediaType type,
            BiFunction<Segment, Segment.Chunk, byte[]> form) {
        String requestId = UUID.randomUUID().toString();
        Segment segment = Segment.of(text, ThreadLocalRandom.current());
        int characters = account.bill(options, requestId, null, text, segment.lengthMillis());
        ServerHttpResponse response = exchange.getResponse();
        response.getHeaders().setContentType(type);
        response.getHeaders().set("request-id", requestId);
        response.getHeaders()
                .set("character-cost", String.valueOf(Math.round(characters * options.model().costMultiplier)));
        response.getHeaders().set("current-concurrent-requests", String.valueOf(running.get()));
        response.getHeaders().set("maximum-concurrent-requests", String.valueOf(settings.maxConcurrentRequests()));
        Tuning speed = tuning.now();
        Flux<DataBuffer> chunks = Flux.fromIterable(segment.chunks())
                .delayUntil(chunk -> Mono.delay(wait(speed, segment, chunk)))
                .map(chunk -> response.bufferFactory().wrap(form.apply(segment, chunk)));
        return response.writeAndFlushWith(chunks.map(Mono::just));
    }

    private static Duration wait(Tuning speed, Segment segment, Segment.Chunk chunk) {
        int index = segment.chunks().indexOf(chunk);
        if (index == 0) {
            return Duration.ofMillis(speed.ttsFirstAudioMillis());
        }
        int sincePrevious =
                chunk.startMillis() - segment.chunks().get(index - 1).startMillis();
        return speed.ttsSpeed() == 0 ? Duration.ZERO : Duration.ofMillis((long) (sincePrevious / speed.ttsSpeed()));
    }

    /** One line of JSON per chunk; here the times are seconds and have other names than on the sockets. */
    private static byte[] timed(Segment segment, Segment.Chunk chunk) {
        Speech speech = segment.speech();
        List<String> characters = new ArrayList<>();
        List<Double> starts = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        for (int i = chunk.firstCharacter(); i < chunk.endCharacter(); i++) {
            int start = speech.startMillis()[i] - chunk.startMillis();
            characters.add(Character.toString(speech.codePoints()[i]));
            starts.add(start / 1000.0);
            ends.add((start + speech.durationMillis()[i]) / 1000.0);
        }
        Map<String, Object> alignment = Details.of(
                "characters", characters,
                "character_start_times_seconds", starts,
                "character_end_times_seconds", ends);
        String audio = Base64.getEncoder().encodeToString(segment.audio(chunk));
        return (Json.write(Details.of("audio_base64", audio, "alignment", alignment, "normalized_alignment", alignment))
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> item(TtsAccount.Item item) {
        return Details.of(
                "history_item_id", item.itemId(),
                "request_id", item.requestId(),
                "voice_id", item.voiceId(),
                "model_id", item.modelId(),
                "text", item.text(),
                "date_unix", item.dateUnix(),
                "character_count_change_from", item.countFrom(),
                "character_count_change_to", item.countTo(),
                "state", "created",
                "source", "TTS",
                "output_format", "ulaw_8000");
    }

    private Mono<Void> authorized(ServerWebExchange exchange, Map<String, Object> answer) {
        if (!settings.accepts(TtsEndpoint.offeredKey(exchange.getRequest()))) {
            return TtsEndpoint.refuse(exchange, 401, "invalid_api_key", "Invalid API key");
        }
        return json(exchange, 200, Json.write(answer));
    }

    private static Mono<Void> unprocessable(ServerWebExchange exchange) {
        return json(
                exchange,
                422,
                "{\"detail\":[{\"loc\":[\"body\",\"text\"],\"msg\":\"Field required\",\"type\":\"missing\"}]}");
    }

    private static Mono<Void> json(ServerWebExchange exchange, int status, String body) {
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body.getBytes(StandardCharsets.UTF_8))));
    }
}
