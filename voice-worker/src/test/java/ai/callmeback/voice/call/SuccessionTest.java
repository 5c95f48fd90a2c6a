package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmMessage;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.tts.TtsOptions;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Another persona takes over in the middle of a call. */
class SuccessionTest {
    private static final Brief BRAD = TestCall.brief();
    private static final Brief SARAH = new Brief(
            BRAD.callId(),
            1,
            new Brief.Voice(
                    "sarah_001",
                    "Sarah",
                    "EXAVITQu4vr4xnSDxMaL",
                    "{\"stability\":0.6,\"style\":0.3,\"use_speaker_boost\":false}",
                    "eleven_turbo_v2_5"),
            new Brief.Mind("You are Sarah.", new BigDecimal("0.9"), 120, "llama-3.3-70b"),
            "Hi, this is Sarah.",
            "",
            "Bye from Sarah.",
            "A minute, love.",
            "Sorry, love.",
            List.of("Mm."),
            List.of("Still there, love?"),
            300,
            "",
            BRAD.preparedAt());

    @Test
    void theNewPersonaSpeaksNextInItsOwnVoiceAndMindAndKnowsTheTalk() {
        TestCall call = handing().userSays("Can I talk to Sarah").run(4000);
        assertThat(call.toolsAsked).containsExactly("handTo Sarah");
        assertThat(call.agentSaid()).endsWith("Here she is.", "Hello, Sarah here.");
        LlmRequest introduction = call.vendors.mind.requests.getLast();
        assertThat(introduction.temperature()).isEqualTo(0.9);
        assertThat(introduction.maxTokens()).isEqualTo(120);
        assertThat(told(introduction))
                .startsWith("You are Sarah.")
                .contains("How are you today?", "Can I talk to Sarah")
                .endsWith(Notes.TAKE_OVER);
        TtsOptions voice = call.vendors.voice.options;
        assertThat(voice.voiceId()).isEqualTo("EXAVITQu4vr4xnSDxMaL");
        assertThat(voice.stability()).isEqualTo(0.6);
        assertThat(voice.style()).isEqualTo(0.3);
        assertThat(voice.speakerBoost()).isFalse();
        assertThat(voice.modelId()).isEqualTo("eleven_turbo_v2_5");
        assertThat(introduction.models()).containsExactly("llama-3.3-70b");
        assertThat(call.vendors.mind.requests.getFirst().models())
                .as("the product's own")
                .isEmpty();

        call.userSays("Nice").run(2000);
        assertThat(call.agentSaid()).last().isEqualTo("You said Nice.");
        assertThat(told(call.vendors.mind.requests.getLast())).doesNotContain(Notes.TAKE_OVER);
        call.session.requestEnd(EndReason.REQUESTED);
        call.run(4000);
        assertThat(call.agentSaid()).last().isEqualTo("Bye from Sarah.");
        assertThat(call.usage.getLast().totals().ttsCharacters())
                .as("each persona's characters under its own model")
                .containsOnlyKeys("eleven_flash_v2_5", "eleven_turbo_v2_5")
                .allSatisfy((model, characters) -> assertThat(characters).isPositive());
    }

    /** Guard: the line asks for how it really speaks each time it connects, and counts what was asked by that. */
    @Test
    void aPersonaWhoseModelTheVendorDoesNotHaveSpeaksWithTheProducts() {
        TestCall call = handing();
        call.vendors.voice.refused.add("eleven_turbo_v2_5");
        call.userSays("Can I talk to Sarah").run(4000);
        assertThat(call.agentSaid()).endsWith("Here she is.", "Hello, Sarah here.");
        assertThat(call.vendors.voice.options.voiceId()).isEqualTo("EXAVITQu4vr4xnSDxMaL");
        assertThat(call.vendors.voice.options.modelId()).isEqualTo("eleven_flash_v2_5");
        assertThat(call.vendors.voices.modelRefusals()).isEqualTo(1);
        call.session.requestEnd(EndReason.REQUESTED);
        call.run(4000);
        assertThat(call.usage.getLast().totals().ttsCharacters())
                .as("nobody pays for what was refused")
                .containsOnlyKeys("eleven_flash_v2_5");
    }

    @Test
    void whoeverInterruptsTheHandingOverIsAnsweredByTheNewPersona() {
        TestCall call = handing().userSays("Can I talk to Sarah");
        call.run(300);
        call.vendors.ears.starts("Wait, is she nice");
        call.run(200);
        call.vendors.ears.says("Wait, is she nice");
        call.run(4000);
        LlmRequest answered = call.vendors.mind.requests.getLast();
        assertThat(told(answered)).startsWith("You are Sarah.").contains("is she nice");
        assertThat(call.vendors.voice.options.voiceId()).isEqualTo("EXAVITQu4vr4xnSDxMaL");
    }

    @Test
    void aPersonaNobodyKnowsIsRefusedAndTheOldOneGoesOn() {
        TestCall call = handing();
        call.toolAnswer = new CallTools.Outcome.Refused("unknown_persona", "There is nobody of that name here.");
        call.userSays("Can I talk to Zoe").run(3000);
        assertThat(told(call.vendors.mind.requests.getLast())).startsWith("You are Brad.");
        assertThat(call.vendors.voice.options.voiceId()).isEqualTo("pNInz6obpgDQGcFmaJgB");
        assertThat(call.userSays("Fine").run(2000).agentSaid()).last().isEqualTo("You said Fine.");
    }

    private static String told(LlmRequest request) {
        return request.messages().stream()
                .map(message -> switch (message) {
                    case LlmMessage.SystemPrompt prompt -> prompt.text();
                    case LlmMessage.User user -> user.text();
                    case LlmMessage.Assistant assistant -> assistant.text();
                    case LlmMessage.ToolResult result -> result.content();
                })
                .collect(Collectors.joining("\n"));
    }

    /** A model that hands the call over in its first answer; the new persona's first words are its own. */
    private static TestCall handing() {
        TestCall call = new TestCall().run(3000);
        call.toolAnswer = new CallTools.Outcome.Handed("The call was handed to Sarah.", SARAH);
        var usual = call.vendors.mind.answers;
        call.vendors.mind.answers = said -> {
            call.vendors.mind.answers = again -> {
                call.vendors.mind.answers = usual;
                return List.of(new LlmEvent.Delta("Hello, Sarah here."));
            };
            return List.of(
                    new LlmEvent.Delta("Here she is. "),
                    new LlmEvent.ToolCall("c1", "switch_persona", "{\"persona\":\"Sarah\"}"));
        };
        return call;
    }
}
