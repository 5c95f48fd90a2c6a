package ai.callmeback.dev.strangers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmMessage;
import ai.callmeback.vendors.llm.LlmReply;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.llm.OpenAiLanguageModel;
import ai.callmeback.vendors.mail.Email;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.mail.ResendMailer;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.stt.DeepgramSpeechToText;
import ai.callmeback.vendors.stt.SttEvent;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.stt.SttSession;
import ai.callmeback.vendors.tts.ElevenLabsTextToSpeech;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.vendors.tts.TtsSession;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Each client of ours with its strange vendor alone. */
class ClientsMeetStrangersTest {

    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final EventLoop LOOP = LOOPS.next();

    @AfterAll
    static void shut() {
        LOOPS.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static <T> T on(Callable<T> work) throws Exception {
        return LOOP.submit(work).get(5, TimeUnit.SECONDS);
    }

    private static URI at(String scheme, TinyServer server) {
        return URI.create(scheme + "://127.0.0.1:" + server.port());
    }

    @Test
    void hearsTurns() throws Exception {
        List<SttEvent> events = new CopyOnWriteArrayList<>();
        try (StrangersDeepgram vendor = new StrangersDeepgram("k", List.of("one two three", "four five"))) {
            SttSession session = on(() -> new DeepgramSpeechToText(
                            new VendorSettings.Deepgram(Secret.of("k"), at("ws", vendor), SttOptions.Engine.FLUX))
                    .open(SttOptions.flux(), LOOP, events::add));
            for (int turn = 0; turn < 2; turn++) {
                for (byte[] sound : List.of(Sound.sine(1500, 400), Sound.silence(1000))) {
                    on(() -> {
                        session.sendAudio(Unpooled.wrappedBuffer(sound));
                        return null;
                    });
                }
            }
            await().until(() ->
                    events.stream().filter(SttEvent.EndOfTurn.class::isInstance).count() == 2);
            assertThat(events.stream()
                            .filter(SttEvent.EndOfTurn.class::isInstance)
                            .map(event -> ((SttEvent.EndOfTurn) event).transcript()))
                    .containsExactly("one two three", "four five");
            assertThat(events).anyMatch(SttEvent.EagerEndOfTurn.class::isInstance);
        }
    }

    @Test
    void speaks() throws Exception {
        List<TtsEvent> events = new CopyOnWriteArrayList<>();
        try (StrangersElevenLabs vendor = new StrangersElevenLabs("k")) {
            TtsSession session =
                    on(() -> new ElevenLabsTextToSpeech(VendorSettings.ElevenLabs.at(Secret.of("k"), at("ws", vendor)))
                            .open(TtsOptions.voice("pNInz6obpgDQGcFmaJgB"), LOOP, events::add));
            on(() -> {
                session.startContext("a");
                session.text("a", "Good morning, how did you sleep? ");
                session.closeContext("a");
                return null;
            });
            await().until(() -> events.stream().anyMatch(TtsEvent.ContextFinal.class::isInstance));
            long bytes = 0;
            for (TtsEvent event : events) {
                if (event instanceof TtsEvent.Audio audio) {
                    assertThat(audio.contextOffsetBytes()).isEqualTo(bytes);
                    assertThat(audio.alignment()).isNotNull();
                    bytes += audio.mulaw().readableBytes();
                    audio.mulaw().release();
                }
            }
            assertThat(bytes).isEqualTo(33 * 55 * 8L);
            assertThat(on(session::charactersBilled)).isEqualTo(vendor.characters());
        }
    }

    @Test
    void thinks() throws Exception {
        List<LlmEvent> events = new CopyOnWriteArrayList<>();
        try (StrangersModel vendor = new StrangersModel("k")) {
            OpenAiLanguageModel model = new OpenAiLanguageModel(
                    new VendorSettings.Llm(Secret.of("k"), null, at("http", vendor), "any", "", "max_tokens", ""),
                    () -> LOOPS);
            LlmRequest request = LlmRequest.conversation(List.of(new LlmMessage.User("Hello")), List.of());
            on(() -> model.stream(request, LOOP, events::add));
            await().until(() -> events.stream().anyMatch(LlmEvent.Finished.class::isInstance));
            assertThat(events.stream()
                            .filter(LlmEvent.Delta.class::isInstance)
                            .map(event -> ((LlmEvent.Delta) event).text()))
                    .contains("Good ", "more.");
            assertThat(model.complete(request).block()).isInstanceOf(LlmReply.Answered.class);
        }
    }

    @Test
    void writes() throws IOException {
        try (StrangersMail vendor = new StrangersMail()) {
            assertThat(new ResendMailer(new VendorSettings.Resend(Secret.of("k"), at("http", vendor), "a@b.test"))
                            .send(new Email("c@d.test", "s", "t", "<p>t</p>"), "call-ready/1")
                            .block())
                    .isInstanceOf(MailOutcome.Accepted.class);
            assertThat(vendor.keys).containsExactly("call-ready/1");
        }
    }
}
