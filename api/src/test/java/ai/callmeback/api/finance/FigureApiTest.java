package ai.callmeback.api.finance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** Figures by HTTP. That they are right is tried in the database: {@code FiguresPropertyTest}. */
class FigureApiTest extends ApiTest {
    private static final String PATH = "/api/finance/figures";
    // Long ago, so that no other test books into it.
    private static final String RANGE = "?from=2021-03-01T00:00:00Z&until=2021-04-01T00:00:00Z";

    private Person finance;

    @BeforeEach
    void signIn() {
        finance = newPerson();
        DB.execute("update users set role = 'finance' where id = '" + finance.id() + "'");
    }

    @Test
    void aFigureIsTheSumOfTheEntriesItLeadsTo() {
        for (int day = 1; day <= 3; day++) {
            DB.execute("select ledger_grant('" + finance.id() + day + "', '" + finance.id()
                    + "', 1500, 'pack', 14990000, 100, null, '2021-03-0" + day + "T10:00:00Z')");
        }

        JsonNode report = ok(get(PATH + RANGE + "&grain=week"));

        assertThat(report.at("/periods")).hasSize(5);
        assertThat(report.at("/total/bridge/0/name").asString()).isEqualTo("accrual_profit");
        JsonNode cash = figure(report.at("/total"), "cash_receipts");
        assertThat(cash.at("/value").decimalValue()).isEqualByComparingTo("44.97");
        assertThat(cash.at("/state").asString()).isEqualTo("provisional");
        assertThat(figure(report.at("/total"), "projected_profit")
                        .at("/madeOf/0")
                        .asString())
                .isEqualTo("+cash_receipts");
        assertThat(figure(report.at("/total"), "charge_rate").has("value")).isFalse();
        JsonNode first = ok(get(cash.at("/entries").asString() + "&limit=2"));
        JsonNode second = ok(get(cash.at("/entries").asString() + "&limit=2&cursor="
                + first.at("/nextCursor").asString()));
        assertThat(second.has("nextCursor")).isFalse();
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode page : List.of(first, second)) {
            for (JsonNode entry : page.at("/entries")) {
                sum = sum.add(entry.at("/amount").decimalValue());
            }
        }
        assertThat(sum).isEqualByComparingTo(cash.at("/value").decimalValue());
    }

    @Test
    void theTableHasALineForEachFigureOfEachPeriod() {
        String csv = Objects.requireNonNull(get(PATH + "/csv" + RANGE + "&grain=week")
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentTypeCompatibleWith("text/csv")
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
        List<String> lines = csv.lines().toList();
        assertThat(lines.getFirst()).isEqualTo("from,until,figure,unit,value,state,at");
        assertThat(lines)
                .filteredOn(line -> line.contains(",revenue,usd,0.000000,"))
                .hasSize(5);
        assertThat(lines).allMatch(line -> line.split(",", -1).length == 7);
    }

    @Test
    void whatCannotBeAnsweredIsRefused() {
        refused(get(PATH + "?grain=hour"), HttpStatus.BAD_REQUEST, "value_not_offered");
        refused(get(PATH + "?from=x"), HttpStatus.BAD_REQUEST, "time_invalid");
        refused(
                get(PATH + "?from=2024-01-01T00:00:00Z&until=2026-01-01T00:00:00Z&grain=day"),
                HttpStatus.BAD_REQUEST,
                "range_invalid");
        refused(get(PATH + "/cash_in/entries?limit=0"), HttpStatus.BAD_REQUEST, "limit_out_of_range");
        refused(get(PATH + "/cash_in/entries?cursor=x"), HttpStatus.BAD_REQUEST, "cursor_invalid");
        refused(get(PATH + "/gross_margin/entries"), HttpStatus.NOT_FOUND, "not_found");
        refused(get(PATH + "/nonsense/entries"), HttpStatus.NOT_FOUND, "not_found");
        assertThat(ok(get(PATH)).at("/periods")).as("this month").hasSize(1);
    }

    private ResponseSpec get(String uri) {
        return web.get().uri(uri).header("Authorization", finance.bearer()).exchange();
    }

    private static JsonNode figure(JsonNode period, String name) {
        for (JsonNode figure : period.at("/figures")) {
            if (figure.at("/name").asString().equals(name)) {
                return figure;
            }
        }
        throw new AssertionError("no figure " + name);
    }

    private static void refused(ResponseSpec response, HttpStatus status, String code) {
        response.expectStatus()
                .isEqualTo(status)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code);
    }

    private static JsonNode ok(ResponseSpec response) {
        return Objects.requireNonNull(response.expectStatus()
                .is2xxSuccessful()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }
}
