package ai.callmeback.vendors.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.vendors.Heard;
import ai.callmeback.vendors.Loops;
import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Asked;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.llm.LlmEvent.FinishReason;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The streamed answer over real sockets; {@link Heard} refuses events on any loop but the call's. */
class StreamedAnswerTest {

    private static final String USAGE = "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":212,"
            + "\"completion_tokens\":38,\"total_tokens\":250,\"prompt_tokens_details\":{\"cached_tokens\":128},"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":0}},\"time_info\":{\"queue_time\":0.1}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final LlmTool END_CALL = new LlmTool(
            "end_call", "Hang up", "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}");

    private static Loops loops;

    @BeforeAll
    static void open() {
        loops = new Loops();
    }

    @AfterAll
    static void shut() {
        loops.close();
    }

    private static OpenAiLanguageModel client(ScriptedHttp vendor) {
        return new OpenAiLanguageModel(
                new VendorSettings.Llm(
                        Secret.of("llm-key"),
                        null,
                        vendor.base("/llm/v1"),
                        "gpt-oss-small",
                        "big",
                        "max_completion_tokens",
                        ""),
                loops::group);
    }

    private static LlmRequest hello() {
        return LlmRequest.conversation(
                List.of(new LlmMessage.SystemPrompt("Be brief."), new LlmMessage.User("Hi \"there\" – ü\n")),
                List.of(END_CALL));
    }

    private static String delta(String json) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":" + json
                + ",\"finish_reason\":null}],\"usage\":null}\n\n";
    }

    private static String text(String content) {
        return delta("{\"content\":\"" + content + "\"}");
    }

    private static String finish(String reason) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}\n\n";
    }

    private static Reply sse(Reply.End end, int pieceBytes, String... events) {
        byte[] all = String.join("", events).getBytes(StandardCharsets.UTF_8);
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < all.length; at += pieceBytes) {
            pieces.add(Arrays.copyOfRange(all, at, Math.min(all.length, at + pieceBytes)));
        }
        return new Reply(200, Map.of("Content-Type", "text/event-stream"), pieces, end);
    }

    private static Reply sse(String... events) {
        return sse(Reply.End.COMPLETE, 4096, events);
    }

    private static Heard<LlmEvent> ask(EventLoop loop, Function<Asked, Reply> script, LlmRequest request) {
        Heard<LlmEvent> heard = new Heard<>(loop);
        try (ScriptedHttp vendor = new ScriptedHttp(script)) {
            OpenAiLanguageModel client = client(vendor);
            Loops.on(loop, () -> client.stream(request, loop, heard::add));
            await().until(() -> heard.events().stream()
                    .anyMatch(e -> e instanceof LlmEvent.Finished || e instanceof LlmEvent.Failed));
        }
        return heard;
    }

    private static String spoken(Heard<LlmEvent> heard) {
        return heard.all(LlmEvent.Delta.class).stream()
                .map(LlmEvent.Delta::text)
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 4096})
    void readsAnAnswerHoweverItIsCut(int pieceBytes) {
        Heard<LlmEvent> heard = ask(
                loops.get(0),
                asked -> sse(
                        Reply.End.COMPLETE,
                        pieceBytes,
                        ": connected\n\n",
                        delta("{\"role\":\"assistant\",\"content\":\"\"}"),
                        delta("{\"reasoning\":\"He greets me.\"}"),
                        delta("{\"content\":null,\"reasoning_content\":\"Hm.\"}"),
                        text("Grüße, "),
                        text("wie geht’s 👋?"),
                        finish("stop"),
                        USAGE,
                        DONE),
                hello());
        assertThat(spoken(heard)).isEqualTo("Grüße, wie geht’s 👋?");
        assertThat(heard.all(LlmEvent.Usage.class))
                .containsExactly(new LlmEvent.Usage(new LlmUsage("gpt-oss-small", 212, 38, 128, false)));
        assertThat(heard.events().getLast()).isEqualTo(new LlmEvent.Finished(FinishReason.STOP, "gpt-oss-small"));
    }

    @Test
    void asksAsTheVendorWantsIt() {
        List<Asked> asked = new ArrayList<>();
        ask(
                loops.get(1),
                question -> {
                    asked.add(question);
                    return sse(text("Hi"), finish("stop"), USAGE, DONE);
                },
                new LlmRequest(
                        List.of(),
                        List.of(
                                new LlmMessage.User("Hi \"there\" – ü\n"),
                                new LlmMessage.Assistant("", List.of(new LlmEvent.ToolCall("call_9", "look", "{}"))),
                                new LlmMessage.ToolResult("call_9", "nothing")),
                        List.of(END_CALL),
                        0.5,
                        77,
                        null));
        Asked question = asked.getFirst();
        assertThat(question.uri()).isEqualTo("/llm/v1/chat/completions");
        assertThat(question.headers())
                .containsEntry("authorization", "Bearer llm-key")
                .containsEntry("content-type", "application/json");
        JsonNode body = JsonMapper.builder().build().readTree(question.body());
        assertThat(body.get("model").asString()).isEqualTo("gpt-oss-small");
        assertThat(body.get("stream").asBoolean()).isTrue();
        assertThat(body.get("stream_options").get("include_usage").asBoolean()).isTrue();
        assertThat(body.get("max_completion_tokens").asInt()).isEqualTo(77);
        assertThat(body.get("reasoning_effort").asString()).isEqualTo("low");
        assertThat(body.get("messages").get(0).get("content").asString()).isEqualTo("Hi \"there\" – ü\n");
        assertThat(body.get("messages")
                        .get(1)
                        .get("tool_calls")
                        .get(0)
                        .get("function")
                        .get("name")
                        .asString())
                .isEqualTo("look");
        assertThat(body.get("messages").get(2).get("tool_call_id").asString()).isEqualTo("call_9");
        assertThat(body.get("tools")
                        .get(0)
                        .get("function")
                        .get("parameters")
                        .get("type")
                        .asString())
                .isEqualTo("object");
        assertThat(body.has("parallel_tool_calls")).isFalse();
    }

    @Test
    void mergesToolCallsByIndexAndMakesUpAMissingId() {
        Heard<LlmEvent> heard = ask(
                loops.get(2),
                asked -> sse(
                        Reply.End.COMPLETE,
                        5,
                        text("Bye. "),
                        delta("{\"tool_calls\":[{\"index\":0,\"id\":\"call_9\",\"type\":\"function\","
                                + "\"function\":{\"name\":\"end_call\",\"arguments\":\"\"}}]}"),
                        delta(
                                "{\"tool_calls\":[{\"index\":1,\"function\":{\"name\":\"note\",\"arguments\":\"{\\\"a\\\":\"}}]}"),
                        delta(
                                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"reason\\\":\\\"dö\"}}]}"),
                        delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"ne\\\"}\"}},"
                                + "{\"index\":1,\"function\":{\"arguments\":\"1}\"}}]}"),
                        finish("tool_calls"),
                        USAGE,
                        DONE),
                hello());
        assertThat(heard.all(LlmEvent.ToolCall.class))
                .containsExactly(
                        new LlmEvent.ToolCall("call_9", "end_call", "{\"reason\":\"döne\"}"),
                        new LlmEvent.ToolCall("call_1", "note", "{\"a\":1}"));
        assertThat(heard.events().getLast()).isEqualTo(new LlmEvent.Finished(FinishReason.TOOL_CALLS, "gpt-oss-small"));
    }

    @Test
    void refusesAToolCallThatIsNoJson() {
        Heard<LlmEvent> heard = ask(
                loops.get(3),
                asked -> sse(
                        text("Well "),
                        delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{oops\"}}]}"),
                        finish("tool_calls"),
                        DONE),
                hello());
        LlmEvent.Failed failed = heard.awaitFirst(LlmEvent.Failed.class);
        assertThat(failed.fault().kind()).isEqualTo(Kind.PROTOCOL);
        assertThat(failed.spoken()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":{\"id\":\"e\",\"code\":\"queue_exceeded\",\"message\":\"busy\",\"param\":\"queue\",\"type\":\"t\"},\"status_code\":429}\n\n",
                "data: {\"message\":\"busy\",\"type\":\"too_many_requests_error\",\"param\":\"queue\",\"code\":\"queue_exceeded\"}\n\n",
                "event: error\ndata: {\"error\":{\"message\":\"busy\",\"code\":\"queue_exceeded\"}}\n\n"
            })
    void endsOnAnErrorInsideTheStreamAndDoesNotAskAgainOnceItSpoke(String error) {
        Heard<LlmEvent> heard = ask(loops.get(0), asked -> sse(text("I "), error), hello());
        LlmEvent.Failed failed = heard.awaitFirst(LlmEvent.Failed.class);
        assertThat(failed.fault().kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(failed.fault().message()).isEqualTo("busy");
        assertThat(failed.spoken()).isTrue();
        assertThat(heard.all(LlmEvent.FellBack.class)).isEmpty();
        assertThat(heard.all(LlmEvent.Usage.class)).hasSize(1);
        assertThat(heard.all(LlmEvent.Usage.class).getFirst().usage().estimated())
                .isTrue();
    }

    @Test
    void takesAnEndWithoutItsMarkForTruncatedWhetherClosedOrCut() {
        for (Reply.End end : List.of(Reply.End.COMPLETE, Reply.End.DROP)) {
            Heard<LlmEvent> heard =
                    ask(loops.get(1), asked -> sse(end, 4096, text("Half a "), finish("stop")), hello());
            LlmEvent.Failed failed = heard.awaitFirst(LlmEvent.Failed.class);
            assertThat(failed.fault().kind()).isEqualTo(Kind.DROPPED);
            assertThat(failed.spoken()).isTrue();
        }
    }

    @Test
    void asksTheNextModelIfTheFirstSaidNothing() {
        String flat = "{\"message\":\"busy\",\"type\":\"too_many_requests_error\",\"code\":\"queue_exceeded\"}";
        for (Reply bad : List.of(
                Reply.of(429, flat),
                Reply.of(404, "{\"error\":{\"message\":\"gone\",\"code\":\"model_not_found\"}}"),
                Reply.drop(),
                sse(delta("{\"reasoning\":\"Let me think\"}")))) {
            Heard<LlmEvent> heard = ask(
                    loops.get(2),
                    asked -> asked.body().contains("\"gpt-oss-small\"")
                            ? bad
                            : sse(text("Here."), finish("stop"), USAGE, DONE),
                    hello());
            assertThat(spoken(heard)).isEqualTo("Here.");
            assertThat(heard.all(LlmEvent.FellBack.class)).hasSize(1);
            assertThat(heard.events().getLast()).isEqualTo(new LlmEvent.Finished(FinishReason.STOP, "big"));
            assertThat(heard.all(LlmEvent.Usage.class).getLast().usage().model())
                    .isEqualTo("big");
        }
    }

    @Test
    void doesNotTryOtherModelsWithAKeyThatIsNotAccepted() {
        Heard<LlmEvent> heard = ask(
                loops.get(3),
                asked -> Reply.of(401, "{\"error\":{\"message\":\"bad\",\"code\":\"invalid_api_key\"}}"),
                hello());
        assertThat(heard.events()).hasSize(1);
        assertThat(heard.awaitFirst(LlmEvent.Failed.class).fault().kind()).isEqualTo(Kind.UNAUTHORIZED);
    }

    @Test
    void doesNotWaitForeverForAFirstToken() {
        Heard<LlmEvent> heard = ask(
                loops.get(0),
                asked -> asked.body().contains("\"gpt-oss-small\"")
                        ? sse(Reply.End.SILENCE, 4096, ": nothing yet\n\n")
                        : sse(text("Here."), finish("stop"), USAGE, DONE),
                hello());
        assertThat(heard.awaitFirst(LlmEvent.FellBack.class).fault().kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(heard.all(LlmEvent.Usage.class).getFirst().usage().estimated())
                .isTrue();
        assertThat(spoken(heard)).isEqualTo("Here.");
    }

    @Test
    void countsACancelledAnswerAsAnEstimateAndSaysNothingMore() {
        EventLoop loop = loops.get(1);
        Heard<LlmEvent> heard = new Heard<>(loop);
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> sse(Reply.End.SILENCE, 4096, text("Twelve chars")))) {
            OpenAiLanguageModel client = client(vendor);
            LlmCall call = Loops.on(loop, () -> client.stream(hello(), loop, heard::add));
            heard.awaitFirst(LlmEvent.Delta.class);
            int before = heard.events().size();
            int after = Loops.on(loop, () -> {
                call.cancel();
                call.cancel();
                return heard.events().size();
            });
            assertThat(after).isEqualTo(before + 1);
            LlmUsage usage = heard.all(LlmEvent.Usage.class).getFirst().usage();
            assertThat(usage.estimated()).isTrue();
            assertThat(usage.completionTokens()).isEqualTo(3);
            assertThat(usage.promptTokens()).isPositive();
        }
        assertThat(heard.all(LlmEvent.Failed.class)).isEmpty();
    }

    @Test
    void keepsAConnectionPerLoopAndReplacesAKeptOneThatWasClosed() {
        EventLoop loop = loops.get(2);
        Heard<LlmEvent> heard = new Heard<>(loop);
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> sse(text("Hi"), finish("stop"), DONE))) {
            OpenAiLanguageModel client = client(vendor);
            for (int i = 1; i <= 3; i++) {
                int count = i;
                Loops.on(loop, () -> client.stream(hello(), loop, heard::add));
                await().until(() -> heard.all(LlmEvent.Finished.class).size() == count);
                // The kept connection is released when the last chunk is read, just after [DONE].
                Loops.on(loop, () -> null);
            }
            assertThat(vendor.asked.stream().map(Asked::connection).distinct()).hasSize(1);
            Heard<LlmEvent> other = new Heard<>(loops.get(3));
            Loops.on(loops.get(3), () -> client.stream(hello(), loops.get(3), other::add));
            other.awaitFirst(LlmEvent.Finished.class);
            assertThat(vendor.asked.stream().map(Asked::connection).distinct()).hasSize(2);
        }
    }

    @Test
    void repeatsARequestOnceIfTheKeptConnectionDiesUnderIt() {
        EventLoop loop = loops.get(0);
        Heard<LlmEvent> heard = new Heard<>(loop);
        boolean[] dropOnce = {false};
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> {
            if (dropOnce[0]) {
                dropOnce[0] = false;
                return Reply.drop();
            }
            return sse(text("Hi"), finish("stop"), DONE);
        })) {
            OpenAiLanguageModel client = client(vendor);
            Loops.on(loop, () -> client.stream(hello(), loop, heard::add));
            heard.awaitFirst(LlmEvent.Finished.class);
            Loops.on(loop, () -> null);
            dropOnce[0] = true;
            Loops.on(loop, () -> client.stream(hello(), loop, heard::add));
            await().until(() -> heard.all(LlmEvent.Finished.class).size() == 2);
            assertThat(heard.all(LlmEvent.FellBack.class)).isEmpty();
            assertThat(vendor.asked).hasSize(3);
        }
    }

    @Test
    void completesAnAnswerOfASchemaAndRetriesWhatMayPass() {
        int[] calls = {0};
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> switch (++calls[0]) {
            case 1 -> Reply.of(503, "{\"error\":{\"code\":503,\"message\":\"Loading model\"}}");
            case 2 -> Reply.of(404, "{\"error\":{\"message\":\"gone\",\"code\":\"model_not_found\"}}");
            default ->
                Reply.of(
                        200,
                        "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"{\\\"ok\\\":true}\"},"
                                + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6}}");
        })) {
            LlmReply reply = client(vendor)
                    .complete(new LlmRequest(
                            List.of(),
                            List.of(new LlmMessage.User("Is it?")),
                            List.of(),
                            0,
                            50,
                            new LlmRequest.AnswerSchema("answer", "{\"type\":\"object\"}")))
                    .block();
            assertThat(reply)
                    .isEqualTo(new LlmReply.Answered(
                            "{\"ok\":true}", FinishReason.STOP, "big", List.of(new LlmUsage("big", 5, 6, 0, false))));
            assertThat(vendor.asked).hasSize(3);
            assertThat(vendor.asked.getFirst().body())
                    .contains("\"json_schema\"")
                    .doesNotContain("\"stream\"");
        }
    }

    @Test
    void saysWhyNoAnswerCouldBeHad() {
        try (ScriptedHttp vendor = new ScriptedHttp(
                asked -> Reply.of(429, "{\"error\":{\"message\":\"pay\",\"code\":\"insufficient_quota\"}}"))) {
            LlmReply reply = client(vendor).complete(hello()).block();
            assertThat(reply).isInstanceOfSatisfying(LlmReply.Failed.class, failed -> {
                assertThat(failed.fault().kind()).isEqualTo(Kind.QUOTA);
                assertThat(failed.usages()).isEmpty();
            });
            assertThat(vendor.asked).hasSize(2);
        }
    }
}
