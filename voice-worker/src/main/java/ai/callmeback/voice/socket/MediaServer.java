package ai.callmeback.voice.socket;

import ai.callmeback.domain.CallId;
import ai.callmeback.voice.call.CallJournal;
import ai.callmeback.voice.call.CallPorts;
import ai.callmeback.voice.call.CallSession;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.MediaStream;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.recording.Tape;
import ai.callmeback.voice.recording.Tapes;
import ai.callmeback.voice.twilio.TwilioFrameReader;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Ticker;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Takes Twilio's media sockets on {@value #PATH} and gives each its call. */
public final class MediaServer {
    public static final String PATH = "/media";

    private final MediaClaims claims;
    private final LiveCalls liveCalls;
    private final CallPorts ports;
    private final Journals journals;
    private final boolean paced;
    private final Tapes tapes;
    /** One per loop, never shared between threads. */
    private final FastThreadLocal<Admission> admissions = new FastThreadLocal<>();

    public MediaServer(MediaClaims claims, LiveCalls liveCalls, CallPorts ports, Journals journals, Tapes tapes) {
        this(claims, liveCalls, ports, journals, tapes, true);
    }

    public MediaServer(MediaClaims claims, LiveCalls liveCalls, CallPorts ports, Journals journals) {
        this(claims, liveCalls, ports, journals, true);
    }

    /** @param paced whether calls that come together begin one by one; else each begins at once, whatever that does */
    public MediaServer(MediaClaims claims, LiveCalls liveCalls, CallPorts ports, Journals journals, boolean paced) {
        this(claims, liveCalls, ports, journals, Tapes.none(), paced);
    }

    private MediaServer(
            MediaClaims claims, LiveCalls liveCalls, CallPorts ports, Journals journals, Tapes tapes, boolean paced) {
        this.tapes = tapes;
        this.paced = paced;
        this.claims = claims;
        this.liveCalls = liveCalls;
        this.ports = ports;
        this.journals = journals;
    }

    /** Opens the journal of a leg. */
    @FunctionalInterface
    public interface Journals {
        CallJournal open(CallLoop loop, CallId callId, int mediaLeg);
    }

    /** Adds the media route to a server. */
    public HttpServerRoutes route(HttpServerRoutes routes) {
        WebsocketServerSpec spec = WebsocketServerSpec.builder()
                .maxFramePayloadLength(TwilioFrameReader.MAX_FRAME_BYTES)
                .handlePing(false)
                .build();
        return routes.ws(PATH, this::serve, spec);
    }

    private Publisher<Void> serve(WebsocketInbound in, WebsocketOutbound out) {
        return Mono.defer(() -> {
            MediaConnection[] made = new MediaConnection[1];
            in.withConnection(connection -> made[0] = new MediaConnection(
                    connection.channel(), new CallLoop(connection.channel().eventLoop(), Ticker.systemTicker()), this));
            MediaConnection connection = made[0];
            connection.opened();
            return in.aggregateFrames(TwilioFrameReader.MAX_FRAME_BYTES)
                    .receiveFrames()
                    .doOnNext(connection::onMessage)
                    .onErrorComplete()
                    .doFinally(signal -> connection.gone())
                    .then();
        });
    }

    MediaClaims claims() {
        return claims;
    }

    LiveCalls liveCalls() {
        return liveCalls;
    }

    /** Begins a call on this loop when the loop has time for one, or refuses it if that takes too long. */
    void whenThereIsTime(CallLoop loop, Runnable begin, Runnable refuse) {
        if (!paced) {
            begin.run();
            return;
        }
        Admission admission = admissions.get();
        if (admission == null) {
            admission = new Admission(loop);
            admissions.set(admission);
        }
        admission.ask(begin, refuse);
    }

    Tape openTape(CallLoop loop, CallSetup setup) {
        return tapes.open(loop, setup);
    }

    CallSession newSession(CallLoop loop, MediaStream stream, CallSetup setup) {
        return new CallSession(loop, stream, setup, ports, journals.open(loop, setup.callId(), setup.mediaLeg()));
    }
}
