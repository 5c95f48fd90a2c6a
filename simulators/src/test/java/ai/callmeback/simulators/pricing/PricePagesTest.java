package ai.callmeback.simulators.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.VirtualTime;
import ai.callmeback.simulators.pricing.PricePages.Amounts;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ResponseStatusException;

class PricePagesTest {
    private final PricePages pages = new PricePages(new Faults(new Journal(new VirtualTime(), 100)));

    @Test
    void aPageKeepsItsAmountsAndChangesAroundThem() {
        String first = visit();
        String second = visit();
        assertThat(second).isNotEqualTo(first).contains("Flux $0.0059 a minute");

        pages.set("deepgram", new Amounts("Flux $0.0071 a minute"));
        assertThat(visit()).contains("$0.0071").doesNotContain("$0.0059");
        pages.reset();
        assertThat(visit()).contains("$0.0059");
        assertThatThrownBy(() -> pages.set("nobody", new Amounts("$1"))).isInstanceOf(ResponseStatusException.class);
    }

    private String visit() {
        var exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/deepgram/pricing"));
        return Objects.requireNonNull(
                Objects.requireNonNull(pages.deepgram(exchange).block()).getBody());
    }
}
