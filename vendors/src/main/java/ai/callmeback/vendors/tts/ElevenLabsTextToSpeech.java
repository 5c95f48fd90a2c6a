package ai.callmeback.vendors.tts;

import ai.callmeback.vendors.settings.Urls;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.LoopHttpClient;
import ai.callmeback.vendors.wire.VendorSocket;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.net.URI;

/** ElevenLabs: the multi-context socket, and HTTP streaming with timestamps as its fallback. */
public final class ElevenLabsTextToSpeech implements TextToSpeech {

    static final String VENDOR = "elevenlabs";

    /** Longer than any pause we expect between texts of a call; the session keeps the socket alive as well. */
    private static final String INACTIVITY_SECONDS = "60";

    private final VendorSettings.ElevenLabs settings;
    private final LoopHttpClient http = new LoopHttpClient();

    public ElevenLabsTextToSpeech(VendorSettings.ElevenLabs settings) {
        this.settings = settings;
    }

    @Override
    public TtsSession open(TtsOptions options, EventLoop loop, TtsListener listener) {
        requireLoop(loop);
        SocketSession session = new SocketSession(options, loop, listener);
        session.attach(VendorSocket.connect(
                VENDOR,
                loop,
                socketAddress(settings.url(), options),
                headers(),
                VendorPolicy.ELEVENLABS_OPEN,
                session));
        return session;
    }

    @Override
    public TtsSession openFallback(TtsOptions options, EventLoop loop, TtsListener listener) {
        requireLoop(loop);
        HttpSession session = new HttpSession(
                http,
                httpAddress(settings.url(), options),
                headers().set("Content-Type", "application/json"),
                options,
                loop,
                listener);
        session.start();
        return session;
    }

    /** {@code auto_mode}: whole sentences come in, and each is wanted at once. */
    static URI socketAddress(URI base, TtsOptions options) {
        QueryStringEncoder query = new QueryStringEncoder(
                Urls.append(base, "/v1/text-to-speech/" + options.voiceId() + "/multi-stream-input")
                        .toString());
        query.addParam("model_id", options.modelId());
        query.addParam("output_format", "ulaw_8000");
        query.addParam("auto_mode", "true");
        query.addParam("sync_alignment", "true");
        query.addParam("inactivity_timeout", INACTIVITY_SECONDS);
        return URI.create(query.toString());
    }

    static URI httpAddress(URI base, TtsOptions options) {
        return Urls.append(
                Urls.http(base),
                "/v1/text-to-speech/" + options.voiceId() + "/stream/with-timestamps?output_format=ulaw_8000");
    }

    private HttpHeaders headers() {
        return new DefaultHttpHeaders().set("xi-api-key", settings.apiKey().reveal());
    }

    private static void requireLoop(EventLoop loop) {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException("a session must be opened on its own event loop");
        }
    }
}
