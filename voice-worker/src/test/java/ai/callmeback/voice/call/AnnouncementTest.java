package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnouncementTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Please leave a message after the tone.",
                "Leave your name and number at the beep",
                "Sorry I missed you, leave a message and I'll get back to you",
                "Leave me a message and we will call you as soon as we can.",
                "Please leave a message",
                "At the tone, please record your message. When you have finished recording, you may hang up.",
                "I can\u2019t come to the phone right now",
                "We are unable to come to the phone",
                "The person you are calling is not available.",
                "The number you have dialed is not in service",
                "The party you are trying to reach is unavailable",
                "The subscriber you have called cannot be reached",
                "Your call has been forwarded to an automatic voice message system",
                "The mailbox is full and cannot accept any messages at this time. Goodbye.",
                "Welcome to the voicemail of Maria Lopez"
            })
    void machinesAreKnownAtAnyTime(String said) {
        assertThat(Announcement.of(said, false)).isEqualTo(Announcement.MACHINE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "You have reached Maria",
                "Hi, you've reached 5550101.",
                "Hello, this is Maria. You have reached my private number."
            })
    void howMachinesBeginCountsForTheFirstWordsOnly(String said) {
        assertThat(Announcement.of(said, true)).isEqualTo(Announcement.MACHINE);
        assertThat(Announcement.of(said, false)).isEqualTo(Announcement.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hi, if you record your name and reason for calling, I'll see if this person is available.",
                "The person you're calling is using a screening service, and will get a copy of this conversation. "
                        + "Go ahead and say your name and why you're calling.",
                "Please state your name after the tone, and we will try to connect you."
            })
    void screeningIsNotTakenForAMachineThatTakesMessages(String said) {
        assertThat(Announcement.of(said, true)).isEqualTo(Announcement.SCREENING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I got your voicemail",
                "Did you get my voicemail",
                "Voicemail",
                "My mailbox is full",
                "The mailbox is at the end of the street",
                "Leave a message for my wife?",
                "Can you leave a message for my wife",
                "He said leave a message",
                "Please leave a message with my wife if I'm out tomorrow",
                "I'll leave you a message and you can call me",
                "Should I leave a message after the tone?",
                "Sorry I was screening my calls",
                "I had a cancer screening today",
                "The movie has a screening at eight",
                "Who's calling",
                "Who is this?",
                "Sorry, can you say your name again?",
                "Tell me the reason for your call",
                "I can't take your call right now, I am driving",
                "I cannot answer the phone when I'm at work",
                "Maria is not available right now",
                "You've reached Maria, how can I help?",
                "We have reached the summit",
                "I think you have reached the wrong person",
                "The person you are calling about is my brother",
                "The number you called yesterday was my old one",
                "Record your show for me",
                "I'll be there at the tone of noon",
                "After the beep of the oven I took it out"
            })
    void whatPeopleSayIsNone(String said) {
        assertThat(Announcement.of(said, true)).isEqualTo(Announcement.NONE);
        assertThat(Announcement.of(said, false)).isEqualTo(Announcement.NONE);
    }

    @Test
    void nothingIsNone() {
        assertThat(Announcement.of("", true)).isEqualTo(Announcement.NONE);
    }
}
