package ai.callmeback.vendors.stt;

import ai.callmeback.vendors.settings.Urls;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.VendorSocket;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.net.URI;

/** Deepgram by WebSocket: Flux at {@code /v2/listen}, Nova at {@code /v1/listen}. */
public final class DeepgramSpeechToText implements SpeechToText {

    static final String VENDOR = "deepgram";

    private final VendorSettings.Deepgram settings;

    public DeepgramSpeechToText(VendorSettings.Deepgram settings) {
        this.settings = settings;
    }

    @Override
    public SttSession open(SttOptions options, EventLoop loop, SttListener listener) {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException("a session must be opened on its own event loop");
        }
        HttpHeaders headers = new DefaultHttpHeaders()
                .set("Authorization", "Token " + settings.apiKey().reveal());
        DeepgramSession session = switch (options.engine()) {
            case FLUX -> new FluxSession(options, loop, listener);
            case NOVA -> new NovaSession(options, loop, listener);
        };
        session.attach(VendorSocket.connect(
                VENDOR, loop, address(settings.url(), options), headers, VendorPolicy.DEEPGRAM_OPEN, session));
        return session;
    }

    static URI address(URI base, SttOptions options) {
        boolean flux = options.engine() == SttOptions.Engine.FLUX;
        QueryStringEncoder query = new QueryStringEncoder(
                Urls.append(base, flux ? "/v2/listen" : "/v1/listen").toString());
        query.addParam("model", options.model());
        query.addParam("encoding", "mulaw");
        query.addParam("sample_rate", "8000");
        if (flux) {
            query.addParam("eot_threshold", String.valueOf(options.endOfTurnThreshold()));
            Double eager = options.eagerEndOfTurnThreshold();
            if (eager != null) {
                query.addParam("eager_eot_threshold", String.valueOf(eager));
            }
            query.addParam("eot_timeout_ms", String.valueOf(options.endOfTurnTimeoutMillis()));
        } else {
            query.addParam("channels", "1");
            query.addParam("language", options.language());
            query.addParam("interim_results", "true");
            query.addParam("punctuate", "true");
            query.addParam("vad_events", "true");
            query.addParam("endpointing", String.valueOf(options.endpointingMillis()));
            query.addParam("utterance_end_ms", String.valueOf(options.utteranceEndMillis()));
        }
        options.keyterms().forEach(term -> query.addParam("keyterm", term));
        if (!options.tag().isEmpty()) {
            query.addParam("tag", options.tag());
        }
        return URI.create(query.toString());
    }
}
