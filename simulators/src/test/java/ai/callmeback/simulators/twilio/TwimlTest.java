package ai.callmeback.simulators.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwimlTest {
    @Test
    void readsTheVerbsInOrder() throws Exception {
        List<Verb> verbs = Twiml.parse("""
                <?xml version="1.0" encoding="UTF-8"?>
                <Response>
                  <Connect action="https://a.test/after" method="GET"><Stream url="wss://m.test/x" name="n">
                    <Parameter name="token" value="a&amp;b"/></Stream></Connect>
                  <Say loop="2">Hello</Say><Pause length="3"/><Redirect method="GET">/next</Redirect><Hangup/>
                </Response>
                """);
        assertThat(verbs)
                .containsExactly(
                        new Verb.ConnectStream(
                                "wss://m.test/x",
                                "n",
                                Map.of("token", "a&b"),
                                null,
                                "POST",
                                "https://a.test/after",
                                "GET"),
                        new Verb.Say("Hello", 2),
                        new Verb.Pause(3),
                        new Verb.Redirect("/next", "GET"),
                        new Verb.Hangup());
    }

    @Test
    void unknownVerbsAndBadParametersAreMarked() throws Exception {
        assertThat(Twiml.parse("<Response><Dance/><Connect><Stream url=\"wss://m\"><Parameter name=\"a\" value=\""
                        + "x".repeat(500) + "\"/></Stream></Connect><Connect/></Response>"))
                .allMatch(verb -> verb instanceof Verb.Invalid);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "<Response>",
                "<Answer/>",
                "<!DOCTYPE Response [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Response>&x;</Response>"
            })
    void refusesWhatIsNoDocument(String text) {
        assertThatThrownBy(() -> Twiml.parse(text))
                .isInstanceOfSatisfying(
                        Twiml.BadDocument.class, e -> assertThat(e.code()).isEqualTo(12100));
    }

    @Test
    void refusesWhatIsTooLarge() {
        assertThatThrownBy(() -> Twiml.parse("<Response><Say>" + "x".repeat(Twiml.MAX_BYTES) + "</Say></Response>"))
                .isInstanceOfSatisfying(
                        Twiml.BadDocument.class, e -> assertThat(e.code()).isEqualTo(11750));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws://media.example.com/x", "https://media.example.com/x", "media", "wss:///x"})
    void onlySecureStreamsOutsideTheMachine(String url) {
        assertThatThrownBy(() -> StreamUrl.check(url))
                .isInstanceOfSatisfying(
                        StreamUrl.Refused.class, e -> assertThat(e.code()).isEqualTo(31922));
    }
}
