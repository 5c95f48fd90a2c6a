package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Resettable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Products and prices. A price keeps its amount for ever; a lookup key names one price at a time, and is taken from another
 * only when that is asked for.
 */
@Component
class Shelf implements Resettable {
    private static final int MAX_OBJECTS = 10_000;
    private static final String KIND = "shelf";
    private static final Set<String> CHANGEABLE = Set.of("active", "name", "nickname");

    private final Map<String, Map<String, Object>> objects = new LinkedHashMap<>();
    private final StripeMemory memory;

    Shelf(StripeMemory memory) {
        this.memory = memory;
        objects.putAll(memory.found(KIND));
    }

    synchronized Map<String, Object> createProduct(Map<String, String> form) throws StripeError {
        String id = form.getOrDefault("id", Shapes.id("prod_"));
        if (objects.containsKey(id)) {
            throw new StripeError(
                    400, "invalid_request_error", "resource_already_exists", "id", "Product already exists.");
        }
        return keep(Details.of(
                "id",
                id,
                "object",
                "product",
                "created",
                Instant.now().getEpochSecond(),
                "name",
                Bodies.required(form, "name"),
                "active",
                true,
                "livemode",
                false,
                "metadata",
                Bodies.metadata(form, "metadata")));
    }

    synchronized Map<String, Object> createPrice(Map<String, String> form) throws StripeError {
        String product = Bodies.required(form, "product");
        kept("product", product);
        long amount = Bodies.number(form, "unit_amount");
        String key = form.get("lookup_key");
        Map<String, Object> holder = holder(key);
        if (holder != null && !"true".equals(form.get("transfer_lookup_key"))) {
            throw new StripeError(
                    400,
                    "invalid_request_error",
                    "resource_already_exists",
                    "lookup_key",
                    "A price already uses that lookup key.");
        } else if (holder != null) {
            touch(holder).put("lookup_key", null);
        }
        String interval = form.get("recurring[interval]");
        Map<String, Object> price = Details.of(
                "id",
                Shapes.id("price_"),
                "object",
                "price",
                "created",
                Instant.now().getEpochSecond(),
                "product",
                product,
                "currency",
                Bodies.required(form, "currency"),
                "unit_amount",
                amount,
                "type",
                interval == null ? "one_time" : "recurring",
                "active",
                true,
                "livemode",
                false);
        price.put("lookup_key", key);
        price.put("recurring", interval == null ? null : Map.of("interval", interval, "interval_count", 1));
        return keep(price);
    }

    synchronized Map<String, Object> update(String what, String id, Map<String, String> form) throws StripeError {
        Map<String, Object> object = kept(what, id);
        for (Map.Entry<String, String> field : form.entrySet()) {
            if (!CHANGEABLE.contains(field.getKey())) {
                throw StripeError.invalid(field.getKey(), "Received unknown parameter: " + field.getKey());
            }
            object.put(
                    field.getKey(),
                    field.getKey().equals("active") ? (Object) field.getValue().equals("true") : field.getValue());
        }
        return new LinkedHashMap<>(object);
    }

    synchronized Map<String, Object> products(Map<String, String> fields) throws StripeError {
        return Pages.of(all("product", fields), fields, "/v1/products");
    }

    synchronized Map<String, Object> prices(Map<String, String> fields) throws StripeError {
        Set<String> keys = fields.entrySet().stream()
                .filter(field -> field.getKey().startsWith("lookup_keys["))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
        List<Map<String, Object>> found = all("price", fields).stream()
                .filter(price -> keys.isEmpty() || keys.contains(String.valueOf(price.get("lookup_key"))))
                .filter(price ->
                        !fields.containsKey("product") || fields.get("product").equals(price.get("product")))
                .toList();
        return Pages.of(found, fields, "/v1/prices");
    }

    /** As it is now: an answer is written while the object may change. */
    synchronized Map<String, Object> find(String what, String id) throws StripeError {
        return new LinkedHashMap<>(kept(what, id));
    }

    private Map<String, Object> kept(String what, String id) throws StripeError {
        Map<String, Object> object = objects.get(id);
        if (object == null || !what.equals(object.get("object"))) {
            throw StripeError.missing(what, id);
        }
        return touch(object);
    }

    /** Newest first, as they are now. */
    private List<Map<String, Object>> all(String what, Map<String, String> fields) {
        return objects.values().stream()
                .filter(object -> what.equals(object.get("object")))
                .filter(object -> !fields.containsKey("active")
                        || fields.get("active").equals(String.valueOf(object.get("active"))))
                .map(object -> (Map<String, Object>) new LinkedHashMap<>(object))
                .toList()
                .reversed();
    }

    private Map<String, Object> touch(Map<String, Object> object) {
        memory.keep(KIND, String.valueOf(object.get("id")), () -> object);
        return object;
    }

    private @Nullable Map<String, Object> holder(@Nullable String key) {
        return objects.values().stream()
                .filter(object -> key != null && key.equals(object.get("lookup_key")))
                .findFirst()
                .orElse(null);
    }

    private Map<String, Object> keep(Map<String, Object> object) throws StripeError {
        if (objects.size() >= MAX_OBJECTS) {
            throw StripeError.invalid("id", "This simulator keeps " + MAX_OBJECTS + " products and prices.");
        }
        objects.put(String.valueOf(object.get("id")), touch(object));
        return new LinkedHashMap<>(object);
    }

    @Override
    public synchronized void reset() {
        objects.clear();
    }
}
