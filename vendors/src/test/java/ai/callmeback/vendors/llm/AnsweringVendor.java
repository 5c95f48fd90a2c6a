package ai.callmeback.vendors.llm;

import static org.awaitility.Awaitility.await;

import ai.callmeback.vendors.Heard;
import ai.callmeback.vendors.Loops;
import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Asked;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests with a vendor whose answers are written out, event by event. */
abstract class AnsweringVendor {
    static final String USAGE = "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":212,"
            + "\"completion_tokens\":38,\"total_tokens\":250,\"prompt_tokens_details\":{\"cached_tokens\":128},"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":0}},\"time_info\":{\"queue_time\":0.1}}\n\n";
    static final String DONE = "data: [DONE]\n\n";
    static final LlmTool END_CALL = new LlmTool(
            "end_call", "Hang up", "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}");

    static Loops loops;

    @BeforeAll
    static void open() {
        loops = new Loops();
    }

    @AfterAll
    static void shut() {
        loops.close();
    }

    static OpenAiLanguageModel client(ScriptedHttp vendor) {
        return client(vendor, System::nanoTime);
    }

    static OpenAiLanguageModel client(ScriptedHttp vendor, LongSupplier nanos) {
        return new OpenAiLanguageModel(
                new VendorSettings.Llm(
                        Secret.of("llm-key"),
                        null,
                        vendor.base("/llm/v1"),
                        "gpt-oss-small",
                        "big",
                        "max_completion_tokens",
                        ""),
                loops::group,
                nanos);
    }

    static LlmRequest hello() {
        return LlmRequest.conversation(
                List.of(new LlmMessage.SystemPrompt("Be brief."), new LlmMessage.User("Hi \"there\" – ü\n")),
                List.of(END_CALL));
    }

    static String delta(String json) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":" + json
                + ",\"finish_reason\":null}],\"usage\":null}\n\n";
    }

    static String text(String content) {
        return delta("{\"content\":\"" + content + "\"}");
    }

    static String finish(String reason) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}\n\n";
    }

    static Reply sse(Reply.End end, int pieceBytes, String... events) {
        byte[] all = String.join("", events).getBytes(StandardCharsets.UTF_8);
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < all.length; at += pieceBytes) {
            pieces.add(Arrays.copyOfRange(all, at, Math.min(all.length, at + pieceBytes)));
        }
        return new Reply(200, Map.of("Content-Type", "text/event-stream"), pieces, end);
    }

    static Reply sse(String... events) {
        return sse(Reply.End.COMPLETE, 4096, events);
    }

    static Heard<LlmEvent> ask(EventLoop loop, Function<Asked, Reply> script, LlmRequest request) {
        Heard<LlmEvent> heard = new Heard<>(loop);
        try (ScriptedHttp vendor = new ScriptedHttp(script)) {
            OpenAiLanguageModel client = client(vendor);
            Loops.on(loop, () -> client.stream(request, loop, heard::add));
            await().until(() -> heard.events().stream()
                    .anyMatch(e -> e instanceof LlmEvent.Finished || e instanceof LlmEvent.Failed));
        }
        return heard;
    }

    static String spoken(Heard<LlmEvent> heard) {
        return heard.all(LlmEvent.Delta.class).stream()
                .map(LlmEvent.Delta::text)
                .collect(Collectors.joining());
    }
}
