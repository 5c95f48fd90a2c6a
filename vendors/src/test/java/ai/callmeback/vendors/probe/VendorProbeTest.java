package ai.callmeback.vendors.probe;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.ScriptedSocket;
import ai.callmeback.vendors.probe.ProbeResult.Accepted;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.stt.SttOptions;
import java.net.URI;
import org.junit.jupiter.api.Test;

class VendorProbeTest {

    private static VendorProbe probe(URI http, URI socket) {
        Secret key = Secret.of("key");
        return new VendorProbe(new VendorSettings(
                new VendorSettings.Twilio("AC" + "0".repeat(32), key, "+15005550006", http),
                new VendorSettings.Deepgram(key, socket, SttOptions.Engine.FLUX),
                new VendorSettings.Llm(key, null, http, "m", "", "", ""),
                VendorSettings.ElevenLabs.at(key, URI.create(http.toString().replace("http", "ws"))),
                new VendorSettings.Resend(key, http, "a@b.test"),
                new VendorSettings.Stripe(key, key, "", http)));
    }

    @Test
    void tellsAGoodKeyFromABadOne() {
        try (ScriptedHttp good =
                        new ScriptedHttp(asked -> Reply.of(asked.uri().contains("/emails/") ? 404 : 200, "{}"));
                ScriptedHttp bad = new ScriptedHttp(asked -> Reply.of(401, "{}"));
                ScriptedSocket socket = ScriptedSocket.quiet()) {
            URI listening = URI.create("ws://127.0.0.1:" + socket.port());
            assertThat(probe(good.base("/x"), listening).all())
                    .hasSize(6)
                    .allMatch(result -> result.reachable() && result.accepted() == Accepted.YES);
            assertThat(probe(bad.base(""), URI.create(bad.base("").toString().replace("http", "ws")))
                            .all())
                    .allMatch(result -> result.reachable() && result.accepted() == Accepted.NO);
        }
    }

    @Test
    void saysWhenNobodyIsThere() {
        URI gone;
        try (ScriptedHttp vendor = new ScriptedHttp(asked -> Reply.drop())) {
            gone = vendor.base("");
        }
        assertThat(probe(gone, URI.create(gone.toString().replace("http", "ws")))
                        .all())
                .allMatch(result -> !result.reachable() && result.detail().contains("check"));
    }
}
