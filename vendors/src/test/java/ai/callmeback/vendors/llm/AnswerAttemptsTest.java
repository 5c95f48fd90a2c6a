package ai.callmeback.vendors.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.vendors.Heard;
import ai.callmeback.vendors.Loops;
import ai.callmeback.vendors.RecentRefusals;
import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Asked;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.llm.LlmEvent.FinishReason;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which model is asked, over which connection, and what is tried again. */
class AnswerAttemptsTest extends AnsweringVendor {
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
    void aModelAskedForByNameComesBeforeThoseConfigured() {
        LlmRequest named = new LlmRequest(List.of("own", "big"), hello().messages(), List.of(), 0.7, 300, null);
        List<String> asked = new CopyOnWriteArrayList<>();
        Heard<LlmEvent> heard = ask(
                loops.get(1),
                request -> {
                    asked.add(request.body().replaceAll(".*\"model\":\"([^\"]*)\".*", "$1"));
                    return asked.size() < 3
                            ? Reply.of(404, "{\"error\":{\"message\":\"gone\",\"code\":\"model_not_found\"}}")
                            : sse(text("Here."), finish("stop"), USAGE, DONE);
                },
                named);
        assertThat(asked).containsExactly("own", "big", "gpt-oss-small");
        assertThat(heard.events().getLast()).isEqualTo(new LlmEvent.Finished(FinishReason.STOP, "gpt-oss-small"));
    }

    /** Guard: {@link RecentRefusals}. Without it each turn would wait for the refusal first. */
    @Test
    void aModelThatIsRefusedIsNotAskedForInEachTurn() {
        LlmRequest named = new LlmRequest(List.of("own"), hello().messages(), List.of(), 0.7, 300, null);
        EventLoop loop = loops.get(1);
        AtomicLong nanos = new AtomicLong(-7);
        List<String> asked = new CopyOnWriteArrayList<>();
        try (ScriptedHttp vendor = new ScriptedHttp(request -> {
            asked.add(request.body().replaceAll(".*\"model\":\"([^\"]*)\".*", "$1"));
            return asked.getLast().equals("own")
                    ? Reply.of(404, "{\"error\":{\"message\":\"gone\",\"code\":\"model_not_found\"}}")
                    : sse(text("Here."), finish("stop"), USAGE, DONE);
        })) {
            OpenAiLanguageModel client = client(vendor, nanos::get);
            for (int turn = 1; turn <= 4; turn++) {
                if (turn == 4) {
                    nanos.addAndGet(RecentRefusals.FORGET.toNanos());
                }
                Heard<LlmEvent> heard = new Heard<>(loop);
                Loops.on(loop, () -> client.stream(named, loop, heard::add));
                assertThat(heard.awaitFirst(LlmEvent.Finished.class).model()).isEqualTo("gpt-oss-small");
            }
        }
        assertThat(asked)
                .containsExactly("own", "gpt-oss-small", "gpt-oss-small", "gpt-oss-small", "own", "gpt-oss-small");
    }

    /** What is configured is all there is: it is asked each time, whatever it said before. */
    @Test
    void theModelsThatAreConfiguredAreAlwaysAsked() {
        try (ScriptedHttp vendor = new ScriptedHttp(
                asked -> Reply.of(404, "{\"error\":{\"message\":\"gone\",\"code\":\"model_not_found\"}}"))) {
            OpenAiLanguageModel client = client(vendor);
            for (int turn = 0; turn < 2; turn++) {
                Heard<LlmEvent> heard = new Heard<>(loops.get(0));
                Loops.on(loops.get(0), () -> client.stream(hello(), loops.get(0), heard::add));
                heard.awaitFirst(LlmEvent.Failed.class);
            }
            assertThat(vendor.asked).hasSize(4);
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
    void keepsAConnectionPerLoopAndReplacesAKeptOneThatWasClosed() {
        EventLoop loop = loops.get(2);
        Heard<LlmEvent> heard = new Heard<>(loop);
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> whole(sse(text("Hi"), finish("stop"), DONE)))) {
            OpenAiLanguageModel client = client(vendor);
            for (int i = 1; i <= 3; i++) {
                int count = i;
                Loops.on(loop, () -> client.stream(hello(), loop, heard::add));
                await().until(() -> heard.all(LlmEvent.Finished.class).size() == count);
                // The kept connection is released when the last event is read, which has just been reported.
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
            return whole(sse(text("Hi"), finish("stop"), DONE));
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

    /** Of a stated length: the answer ends with its last event, and not with a chunk that may come a moment later. */
    private static Reply whole(Reply reply) {
        int bytes = reply.pieces().stream().mapToInt(piece -> piece.length).sum();
        return reply.with("Content-Length", Integer.toString(bytes));
    }
}
