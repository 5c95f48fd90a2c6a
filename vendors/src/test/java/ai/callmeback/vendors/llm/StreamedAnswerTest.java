package ai.callmeback.vendors.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.Heard;
import ai.callmeback.vendors.Loops;
import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Asked;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.llm.LlmEvent.FinishReason;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The streamed answer over real sockets; {@link Heard} refuses events on any loop but the call's. */
class StreamedAnswerTest extends AnsweringVendor {
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
}
