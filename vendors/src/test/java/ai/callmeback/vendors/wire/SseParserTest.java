package ai.callmeback.vendors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SseParserTest {

    private static final String STREAM = ": keep-alive\r\n\r\ndata: {\"a\":\"grüße 👋\"}\n\ndata:{\"b\":2}\r\n\r\n"
            + "event: error\ndata: {\"c\":3}\n\nid: 7\nretry: 10\ndata: one\ndata: two\n\rdata: [DONE]\r\r";
    private static final List<String> EVENTS =
            List.of("{\"a\":\"grüße 👋\"}", "{\"b\":2}", "!{\"c\":3}", "one\ntwo", "[DONE]");

    @Property
    void readsTheSameEventsHoweverTheBytesAreCut(
            @ForAll @IntRange(min = 1, max = 40) int first, @ForAll @IntRange(min = 1, max = 17) int then) {
        List<String> events = new ArrayList<>();
        SseParser parser = collector(events);
        ByteBuf bytes = Unpooled.copiedBuffer(STREAM, StandardCharsets.UTF_8);
        int size = first;
        while (bytes.isReadable()) {
            assertThat(parser.feed(bytes.readSlice(Math.min(size, bytes.readableBytes()))))
                    .isTrue();
            size = then;
        }
        assertThat(events).isEqualTo(EVENTS);
    }

    @Test
    void deliversAnEventWhoseClosingLineIsMissing() {
        List<String> events = new ArrayList<>();
        SseParser parser = collector(events);
        parser.feed(Unpooled.copiedBuffer("data: [DONE]", StandardCharsets.UTF_8));
        assertThat(events).isEmpty();
        parser.end();
        assertThat(events).containsExactly("[DONE]");
    }

    @Test
    void refusesAnEventWithoutBound() {
        SseParser parser = collector(new ArrayList<>());
        ByteBuf piece = Unpooled.wrappedBuffer(new byte[300_000]);
        assertThat(parser.feed(Unpooled.copiedBuffer("data: ", StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(parser.feed(piece.duplicate())).isTrue();
        assertThat(parser.feed(piece.duplicate())).isTrue();
        assertThat(parser.feed(piece.duplicate())).isTrue();
        assertThat(parser.feed(piece.duplicate())).isFalse();
    }

    private static SseParser collector(List<String> events) {
        return new SseParser((error, data, length) ->
                events.add((error ? "!" : "") + new String(data, 0, length, StandardCharsets.UTF_8)));
    }
}
