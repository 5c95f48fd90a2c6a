package ai.callmeback.voice.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioFrameReaderTest {
    private static final String MEDIA =
            "{\"event\":\"media\",\"sequenceNumber\":\"2\",\"streamSid\":\"MZ5\",\"media\":{\"track\":\"inbound\","
                    + "\"chunk\":\"1\",\"timestamp\":\"64\",\"payload\":\"/38A\"}}";

    private record Media(long sequence, long timestamp, List<Byte> audio) {}

    private final List<Object> read = new ArrayList<>();

    @Test
    void readsAMediaFrame() {
        read(MEDIA);
        assertThat(read).containsExactly(new Media(2, 64, List.of((byte) -1, (byte) 0x7F, (byte) 0)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"media\" : {\"payload\":\"/38A\",\"timestamp\":64}, \"event\":\"media\", \"sequenceNumber\":2}",
                "{\"event\":\"media\",\"sequenceNumber\":\"2\",\"new\":{\"a\":[1]},\"media\":{\"timestamp\":\"64\","
                        + "\"payload\":\"\\/38A\"}}"
            })
    void readsTheSameFromAnyOrderSpacingEscapesAndUnknownFields(String frame) {
        read(frame);
        assertThat(read).containsExactly(new Media(2, 64, List.of((byte) -1, (byte) 0x7F, (byte) 0)));
    }

    @Test
    void readsTheRareFrames() {
        read("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}");
        read("{\"event\":\"start\",\"sequenceNumber\":\"1\",\"streamSid\":\"MZ5\",\"start\":{\"accountSid\":\"AC9\","
                + "\"streamSid\":\"MZ5\",\"callSid\":\"CA7\",\"tracks\":[\"inbound\"],\"customParameters\":"
                + "{\"token\":\"c-81\"},\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\",\"sampleRate\":8000,"
                + "\"channels\":1}}}");
        read("{\"event\":\"mark\",\"sequenceNumber\":\"31\",\"streamSid\":\"MZ5\",\"mark\":{\"name\":\"t3.1p\"}}");
        read("{\"event\":\"dtmf\",\"streamSid\":\"MZ5\",\"dtmf\":{\"track\":\"inbound_track\",\"digit\":\"5\"}}");
        read("{\"event\":\"stop\",\"streamSid\":\"MZ5\",\"stop\":{\"callSid\":\"CA7\"}}");
        read("{\"event\":\"weather\"}");
        assertThat(read)
                .containsExactly(
                        new TwilioFrame.Connected("Call", "1.0.0"),
                        new TwilioFrame.Start("MZ5", "CA7", java.util.Map.of("token", "c-81"), "audio/x-mulaw", 8000),
                        new TwilioFrame.Mark("t3.1p"),
                        new TwilioFrame.Dtmf("5"),
                        new TwilioFrame.Stop(),
                        new TwilioFrame.Unknown("weather"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"event\":\"media\"| not JSON",
                "| not a JSON object",
                "[]| not a JSON object",
                "{\"event\":\"media\",\"event\":\"stop\"}| not JSON",
                "{\"event\":\"stop\"} x| not JSON",
                "{\"a\":1}| no event",
                "{\"event\":\"media\",\"media\":{\"timestamp\":\"5\"}}| media without payload or timestamp",
                "{\"event\":\"media\",\"media\":{\"payload\":\"////\"}}| media without payload or timestamp",
                "{\"event\":\"media\",\"media\":{\"timestamp\":\"5\",\"payload\":\"a?b=\"}}| payload is not base64",
                "{\"event\":\"start\",\"start\":{}}| start without streamSid or callSid",
                "{\"event\":\"start\",\"start\":{\"streamSid\":\"M\\\"Z\",\"callSid\":\"C\"}}| start with an id of other than letters and digits",
                "{\"event\":\"mark\"}| mark without a name",
            })
    void saysWhatIsWrongWithWhatIsNoFrame(String frame, String reason) {
        read(frame == null ? "" : frame);
        assertThat(read).containsExactly(new TwilioFrame.Malformed(reason));
    }

    @Test
    void refusesAnOversizedFrame() {
        read(" ".repeat(TwilioFrameReader.MAX_FRAME_BYTES + 1));
        assertThat(read).containsExactly(new TwilioFrame.Malformed("frame of 65537 bytes, most is 65536"));
    }

    /** Whatever bytes change, the fast scanner never takes a frame that the strict parser reads differently. */
    @Property(tries = 5000)
    void theScannerTakesOnlyWhatTheParserTakesToo(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] frame = MEDIA.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(3); i >= 0; i--) {
            frame[random.nextInt(frame.length)] = (byte) "\"\\{}:,059aZ/=+ \n".charAt(random.nextInt(16));
        }
        MediaScanner scanner = new MediaScanner();
        if (scanner.scan(frame, frame.length)) {
            byte[] audio = new byte[64];
            int length = Base64Codec.decode(frame, scanner.payloadStart, scanner.payloadEnd, audio);
            Object slow = RareFrameParser.parse(frame, frame.length, null);
            if (length < 0) {
                assertThat(slow).isEqualTo(new TwilioFrame.Malformed("payload is not base64"));
            } else {
                RareFrameParser.SlowMedia media = (RareFrameParser.SlowMedia) slow;
                assertThat(media.audio()).isEqualTo(Arrays.copyOf(audio, length));
                assertThat(media.timestampMillis()).isEqualTo(scanner.timestamp);
                assertThat(media.sequence()).isEqualTo(scanner.sequence);
            }
        }
    }

    @Property
    void whatTheWriterWritesIsWhatAPhoneReads(@ForAll @Size(min = 1, max = 1600) byte[] audio) {
        ByteBuf frame = new TwilioFrameWriter("MZ5")
                .media(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT, audio, 0, audio.length);
        String text = frame.toString(StandardCharsets.UTF_8);
        String payload = text.substring(text.indexOf("payload\":\"") + 10, text.lastIndexOf("\"}}"));
        assertThat(Base64.getDecoder().decode(payload)).isEqualTo(audio);
        assertThat(text).startsWith("{\"event\":\"media\",\"streamSid\":\"MZ5\",\"media\":{");
        frame.release();
    }

    @Test
    void theTokenIsNeverPrinted() {
        assertThat(new TwilioFrame.Start("MZ", "CA", java.util.Map.of("token", "secret"), "audio/x-mulaw", 8000)
                        .toString())
                .doesNotContain("secret")
                .contains("token");
    }

    /** Guard: {@code StreamSid}; without it another call's audio or marks would be this one's. */
    @Test
    void whatNamesAnotherStreamIsForeignHoweverItIsWritten() {
        StreamSid other = new StreamSid("MZ6");
        read(MEDIA, other);
        read(MEDIA.replace("\"track\"", " \"track\"").replace("/38A", "\\/38A"), other);
        read("{\"event\":\"mark\",\"streamSid\":\"MZ5\",\"mark\":{\"name\":\"t3.1p\"}}", other);
        read("{\"event\":\"stop\",\"streamSid\":\"MZ5\",\"stop\":{\"callSid\":\"CA7\"}}", other);
        assertThat(read).hasSize(4).containsOnly(new TwilioFrame.Foreign());
        read.clear();
        read(MEDIA, new StreamSid("MZ5"));
        read(MEDIA.replace("\"streamSid\":\"MZ5\",", ""), other);
        assertThat(read).hasSize(2).hasOnlyElementsOfType(Media.class);
    }

    private void read(String frame) {
        read(frame, null);
    }

    private void read(String frame, @Nullable StreamSid stream) {
        ByteBuf bytes = Unpooled.copiedBuffer(frame, StandardCharsets.UTF_8);
        TwilioFrameReader.ofLoop().read(bytes, stream, new TwilioListener() {
            @Override
            public void onMedia(long sequence, long timestampMillis, byte[] mulaw, int length) {
                List<Byte> audio = new ArrayList<>();
                for (int i = 0; i < length; i++) {
                    audio.add(mulaw[i]);
                }
                read.add(new Media(sequence, timestampMillis, audio));
            }

            @Override
            public void onFrame(TwilioFrame frame) {
                read.add(frame);
            }
        });
    }
}
