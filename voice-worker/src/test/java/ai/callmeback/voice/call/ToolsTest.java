package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmMessage;
import ai.callmeback.vendors.llm.LlmRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the model has done, what keys do, and how it speaks of the time. */
class ToolsTest {
    private static final String EXTEND = "extend_call";

    @Test
    void anExtensionIsAskedForOnceAndItsOutcomeSpoken() {
        TestCall call = asking(EXTEND, "{}").userSays("Yes, five more").run(3000);
        assertThat(call.toolsAsked).containsExactly("extend turn-3-extend_call");
        assertThat(call.agentSaid()).last().isEqualTo("One moment. So much for that.");
        assertThat(resultOf(call)).isEqualTo("{\"done\":true,\"say\":\"It was done.\"}");
        call.userSays("Thanks").run(2000);
        assertThat(call.vendors.mind.requests.getLast().messages().getFirst().toString())
                .isEqualTo(new LlmMessage.SystemPrompt("You are Brad.\n\n## Done in this call, by you\n- It was done.")
                        .toString());
    }

    @Test
    void aRefusalIsTheModelsToTell() {
        TestCall call = asking(EXTEND, "{}");
        call.toolAnswer = new CallTools.Outcome.Refused("insufficient_credit", "There is not enough credit.");
        call.userSays("Yes").run(3000);
        assertThat(resultOf(call)).contains("insufficient_credit").contains("not enough credit");
        assertThat(notes(call)).contains("{\"tool\":\"extend_call\",\"refused\":\"insufficient_credit\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            schedule_call_back | {"in_minutes":90,"local_time":null} | callBack 1970-01-01T01:30:00Z
            schedule_call_back | {"in_minutes":null,"local_time":"1970-01-02T08:00"} | callBack 1970-01-02T08:00
            schedule_call_back | {"in_minutes":0,"local_time":null} | invalid_arguments
            schedule_call_back | {"in_minutes":1e99,"local_time":null} | invalid_arguments
            schedule_call_back | {"in_minutes":5,"local_time":"1970-01-02T08:00"} | invalid_arguments
            schedule_call_back | {"in_minutes":null,"local_time":"at eight"} | invalid_arguments
            schedule_call_back | {} | invalid_arguments
            switch_persona | {"persona":""} | invalid_arguments
            switch_persona | {"persona":7} | invalid_arguments
            switch_persona | {} | invalid_arguments
            remember | {"what":"  "} | invalid_arguments
            remember | {"what":"two\\nlines"} | invalid_arguments
            remember | {"what":["a"]} | invalid_arguments
            schedule_call_back | [] | invalid_arguments
            schedule_call_back | {"in_ | invalid_arguments
            delete_everything | {} | unknown_function
            """)
    void argumentsAreCheckedAndTheTalkGoesOn(String tool, String arguments, String outcome) {
        TestCall call = asking(tool, arguments).userSays("Ring me again").run(3000);
        if (outcome.startsWith("callBack")) {
            assertThat(call.toolsAsked).containsExactly(outcome);
        } else {
            assertThat(call.toolsAsked).isEmpty();
            assertThat(resultOf(call)).contains(outcome);
        }
        assertThat(call.agentSaid()).last().isEqualTo("One moment. So much for that.");
        assertThat(call.userSays("Fine").run(2000).agentSaid()).last().isEqualTo("You said Fine.");
    }

    /** Guard: the clock in the model's own terms. By UTC it is Thursday, and "tomorrow at eight" would be a day late. */
    @Test
    void theModelIsToldTheTimeByTheClockOfWhoIsCalled() {
        TestCall call =
                new TestCall().run(3000).userSays("Ring me tomorrow at eight").run(2000);
        assertThat(call.vendors.mind.requests.getLast().tools())
                .filteredOn(tool -> tool.name().equals("schedule_call_back"))
                .singleElement()
                .satisfies(tool -> assertThat(tool.description())
                        .contains("By their clock it is now Wednesday 1969-12-31T16:00."));
    }

    @Test
    void whatIsToBeRememberedIsKeptAndTheModelGoesOn() {
        TestCall call = asking("remember", "{\"what\":\" Her dog is called Pepper. \"}");
        call.userSays("My dog is called Pepper").run(3000);
        assertThat(call.toolsAsked).containsExactly("remember Her dog is called Pepper.");
        assertThat(call.agentSaid()).last().isEqualTo("One moment. So much for that.");
        assertThat(notes(call)).contains("{\"tool\":\"remember\"}");
        TestCall tooLong = asking("remember", "{\"what\":\"" + "a".repeat(301) + "\"}");
        assertThat(resultOf(tooLong.userSays("Remember this").run(3000))).contains("invalid_arguments");
    }

    @Test
    void aModelThatKeepsCallingFunctionsHasToSpeakAfterThree() {
        TestCall call = new TestCall().run(3000);
        call.vendors.mind.answers = said -> List.of(new LlmEvent.ToolCall("x", EXTEND, "{}"));
        call.userSays("Yes").run(4000);
        assertThat(call.toolsAsked).hasSize(3);
        assertThat(call.vendors.mind.requests).hasSize(4);
        assertThat(call.vendors.mind.requests.getLast().tools()).hasSize(1);
        assertThat(call.agentSaid()).last().isEqualTo("Sorry, say that again please.");
    }

    /** Guard: a held turn keeps what it wants done until it is released. */
    @Test
    void nothingIsDoneOnAGuess() {
        TestCall call = asking(EXTEND, "{}");
        call.vendors.ears.starts("Yes maybe");
        call.vendors.ears.maybeSaid("Yes maybe");
        call.run(300);
        assertThat(call.toolsAsked).isEmpty();
        call.vendors.ears.goesOn("Yes maybe not");
        call.run(300);
        assertThat(call.toolsAsked).isEmpty();
        call.vendors.ears.maybeSaid("Yes maybe yes.");
        call.vendors.ears.says("Yes maybe yes.");
        call.run(3000);
        assertThat(call.toolsAsked).hasSize(1);
    }

    @Test
    void keysAreATurn() {
        TestCall call = new TestCall().run(3000);
        List.of("1", "x", "2").forEach(call.session::onDigit);
        call.run(1400);
        assertThat(call.vendors.mind.requests).isEmpty();
        call.run(4000);
        assertThat(call.agentSaid()).last().isEqualTo("You said (pressed one two on the phone).");
        call.session.onDigit("7");
        call.session.onDigit("#");
        call.time.settle();
        assertThat(call.vendors.mind.requests).hasSize(2);
    }

    @Test
    void theTimeIsToldInTheModelsWordsAndInFixedOnesIfItIsLateOrForgets() {
        assertThat(warned(0, "So, one more minute for us."))
                .containsOnlyOnce("one more minute")
                .doesNotContain("Half a");
        assertThat(warned(0, "So, let us go on.")).contains("let us go on").contains("Half a minute is left.");
        assertThat(warned(5000, "So, one more minute."))
                .contains("Half a minute is left.")
                .doesNotContain("one more");
    }

    @Test
    void moreTimeIsOfferedWithTheFirstWarningAndTakenByAYes() {
        TestCall call = new TestCall(180, List.of(), false);
        for (int seconds = 0; seconds < 118; seconds += 2) {
            call.userSays("Go on").run(2000);
        }
        assertThat(offers(call)).isZero();
        call.run(6000);
        assertThat(offers(call)).isPositive();
        call.vendors.mind.answers = said -> List.of(new LlmEvent.ToolCall("c1", EXTEND, "{}"));
        call.userSays("Yes please").run(3000);
        assertThat(call.toolsAsked).isNotEmpty().allMatch(asked -> asked.startsWith("extend "));
    }

    private static long offers(TestCall call) {
        return call.vendors.mind.requests.stream()
                .flatMap(request -> request.messages().stream())
                .filter(message -> message instanceof LlmMessage.SystemPrompt prompt
                        && prompt.text().contains("five minutes more"))
                .count();
    }

    private static String warned(long delayMillis, String answer) {
        TestCall call = new TestCall(60, List.of(), false).run(26_000);
        call.userSays("Hm").run(2000);
        call.vendors.mind.delayMillis = delayMillis;
        call.vendors.mind.answers = said -> List.of(new LlmEvent.Delta(answer));
        int before = call.agentSaid().size();
        call.run(7000);
        return String.join(
                " ", call.agentSaid().subList(before, call.agentSaid().size()));
    }

    /** A model that calls this function in its first answer, and speaks in all others. */
    private static TestCall asking(String tool, String arguments) {
        TestCall call = new TestCall().run(3000);
        var usual = call.vendors.mind.answers;
        call.vendors.mind.answers = said -> {
            LlmRequest request = call.vendors.mind.requests.getLast();
            boolean answered = request.messages().getLast() instanceof LlmMessage.ToolResult;
            if (answered) {
                call.vendors.mind.answers = usual;
                return List.of(new LlmEvent.Delta("So much for that."));
            }
            return List.of(new LlmEvent.Delta("One moment. "), new LlmEvent.ToolCall("c1", tool, arguments));
        };
        return call;
    }

    private static String resultOf(TestCall call) {
        return call.vendors.mind.requests.stream()
                .flatMap(request -> request.messages().stream())
                .filter(LlmMessage.ToolResult.class::isInstance)
                .map(message -> ((LlmMessage.ToolResult) message).content())
                .findFirst()
                .orElse("");
    }

    private static List<String> notes(TestCall call) {
        return call.journal.stream()
                .filter(line -> line.kind() == JournalKind.NOTE)
                .map(line -> String.valueOf(line.detail()))
                .toList();
    }
}
