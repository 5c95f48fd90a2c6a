package ai.callmeback.vendors.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.vendors.ScriptedHttp;
import ai.callmeback.vendors.ScriptedHttp.Asked;
import ai.callmeback.vendors.ScriptedHttp.Reply;
import ai.callmeback.vendors.payment.ShelfReport.Done;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The catalogue at a small Stripe that remembers, by Stripe's own library. */
class StripeShelfTest {
    private static final ShelfItem PACK = new ShelfItem("pack_25", "25 minutes", 1_499, false);
    private static final ShelfItem PLAN = new ShelfItem("plan_casual", "Casual", 999, true);

    private final Map<String, Map<String, Object>> objects = new LinkedHashMap<>();
    private int prices;
    private boolean failsToClose;

    private final ScriptedHttp stripe = new ScriptedHttp(this::answer);
    private final StripeShelf shelf =
            new StripeShelf(new VendorSettings.Stripe(Secret.of("sk_test_1"), null, "", stripe.base("")));

    @AfterEach
    void close() {
        stripe.close();
    }

    @Test
    void aSecondSyncFindsEverythingAndPostsNothing() {
        assertThat(done(shelf.sync(List.of(PACK, PLAN)))).containsExactly(Done.CREATED, Done.CREATED);
        var first = Map.copyOf(objects);
        stripe.asked.clear();

        ShelfReport again = shelf.sync(List.of(PACK, PLAN));

        assertThat(done(again)).containsExactly(Done.KEPT, Done.KEPT);
        assertThat(again.live()).isFalse();
        assertThat(stripe.asked).allMatch(asked -> asked.method().equals("GET"));
        assertThat(objects).isEqualTo(first);
        assertThat(objects.get("price_2"))
                .containsEntry("unit_amount", "999")
                .containsEntry("recurring", Map.of("interval", "month"));
    }

    @Test
    void anotherAmountIsAnotherPriceAlsoWhenItComesBack() {
        shelf.sync(List.of(PACK));
        ShelfItem dearer = new ShelfItem("pack_25", "25 minutes", 1_599, false);

        assertThat(done(shelf.sync(List.of(dearer)))).containsExactly(Done.REPRICED);
        assertThat(shelf.sync(List.of(PACK)).placed().getFirst().priceId()).isEqualTo("price_3");

        assertThat(active("price")).containsExactly("price_3");
        assertThat(stripe.asked.stream().map(asked -> asked.headers().get("idempotency-key")))
                .contains("price:pack_25:1599:after:price_1", "price:pack_25:1499:after:price_2");
    }

    @Test
    void whatBrokeOffHalfWayIsMended() {
        shelf.sync(List.of(PACK));
        failsToClose = true;
        ShelfItem dearer = new ShelfItem("pack_25", "25 minutes", 1_599, false);
        assertThatThrownBy(() -> shelf.sync(List.of(dearer))).isInstanceOf(PaymentVendorException.class);
        assertThat(active("price")).as("both are on sale").hasSize(2);
        failsToClose = false;

        assertThat(done(shelf.sync(List.of(dearer)))).containsExactly(Done.UPDATED);

        assertThat(active("price")).containsExactly("price_2");
        assertThat(done(shelf.sync(List.of(dearer)))).containsExactly(Done.KEPT);
    }

    @Test
    void whatIsNotSoldAnyMoreIsArchivedAndOthersAreLeftAlone() {
        objects.put(
                "prod_theirs",
                new LinkedHashMap<>(Map.of(
                        "id",
                        "prod_theirs",
                        "object",
                        "product",
                        "name",
                        "Other",
                        "active",
                        "true",
                        "metadata",
                        Map.of())));
        shelf.sync(List.of(PACK, PLAN));

        assertThat(shelf.sync(List.of(PACK)).archived()).containsExactly("plan_casual");
        assertThat(active("product")).containsExactlyInAnyOrder("prod_theirs", "callmeback_pack_25");
        assertThat(shelf.sync(List.of(PACK)).archived()).isEmpty();
        assertThat(done(shelf.sync(List.of(PACK, PLAN)))).containsExactly(Done.KEPT, Done.UPDATED);
    }

    private static List<Done> done(ShelfReport report) {
        return report.placed().stream().map(ShelfReport.Placed::done).toList();
    }

    private List<String> active(String what) {
        return objects.values().stream()
                .filter(object -> object.get("object").equals(what) && "true".equals(object.get("active")))
                .map(object -> String.valueOf(object.get("id")))
                .toList();
    }

    private Reply answer(Asked asked) {
        URI uri = URI.create(asked.uri());
        String[] path = uri.getPath().split("/", -1);
        Map<String, String> form = fields(asked.method().equals("GET") ? uri.getQuery() : asked.body());
        String what = path[2].equals("products") ? "product" : "price";
        if (asked.method().equals("GET") && path.length == 3) {
            return list(object -> object.get("object").equals(what)
                    && form.entrySet().stream().allMatch(field -> switch (field.getKey()) {
                        case "lookup_keys[0]" -> field.getValue().equals(object.get("lookup_key"));
                        case "limit" -> true;
                        default -> field.getValue().equals(object.get(field.getKey()));
                    }));
        } else if (asked.method().equals("GET")) {
            return objects.containsKey(path[3]) ? json(200, objects.get(path[3])) : missing();
        } else if (path.length == 4) {
            if (failsToClose && what.equals("price")) {
                return Reply.of(400, "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no\"}}");
            }
            objects.get(path[3]).putAll(form);
            return json(200, objects.get(path[3]));
        }
        return json(200, created(what, form));
    }

    private Map<String, Object> created(String what, Map<String, String> form) {
        Map<String, Object> object = new LinkedHashMap<>(form);
        object.put("object", what);
        object.put("active", "true");
        if (what.equals("price")) {
            object.put("id", "price_" + ++prices);
            if (form.containsKey("recurring[interval]")) {
                object.put("recurring", Map.of("interval", form.get("recurring[interval]")));
            }
            objects.values().stream()
                    .filter(other -> form.get("lookup_key").equals(other.get("lookup_key")))
                    .forEach(other -> other.remove("lookup_key"));
        } else {
            object.put("metadata", Map.of("callmeback_code", form.get("metadata[callmeback_code]")));
        }
        objects.put(String.valueOf(object.get("id")), object);
        return object;
    }

    private Reply list(Predicate<Map<String, Object>> wanted) {
        List<Map<String, Object>> found =
                objects.values().stream().filter(wanted).toList();
        return json(200, Map.of("object", "list", "data", found, "has_more", false, "url", "/v1/x"));
    }

    private static Reply missing() {
        return Reply.of(404, "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"resource_missing\"}}");
    }

    private static Reply json(int status, Object body) {
        return Reply.of(status, JsonMapper.shared().writeValueAsString(body));
    }

    private static Map<String, String> fields(String text) {
        return text == null || text.isEmpty()
                ? Map.of()
                : List.of(text.split("&", -1)).stream()
                        .map(pair -> pair.split("=", 2))
                        .collect(Collectors.toMap(
                                pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }
}
