package ai.callmeback.vendors.payment;

import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.StripeClients;
import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Price;
import com.stripe.model.Product;
import com.stripe.net.RequestOptions;
import com.stripe.param.PriceCreateParams;
import com.stripe.param.PriceListParams;
import com.stripe.param.PriceUpdateParams;
import com.stripe.param.ProductCreateParams;
import com.stripe.param.ProductListParams;
import com.stripe.param.ProductUpdateParams;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings our catalogue to Stripe. Products have ids made of our codes, prices are found by lookup key; so the result is the
 * same however often this runs, also after it broke off half-way. A price at Stripe never changes its amount: another
 * amount is another price, which takes the lookup key over, and the old one is closed.
 */
public final class StripeShelf {
    private static final String OURS = "callmeback_";
    private static final String CODE = "callmeback_code";
    private static final String CURRENCY = "usd";
    private static final long PAGE = 100;

    private final StripeClient client;

    public StripeShelf(VendorSettings.Stripe settings) {
        this.client = StripeClients.of(settings);
    }

    /**
     * @throws PaymentVendorException when Stripe cannot be asked, or refuses; what was done until then stays, and the next
     *     run goes on from there
     */
    public ShelfReport sync(List<ShelfItem> items) {
        try {
            List<ShelfReport.Placed> placed = new ArrayList<>();
            boolean live = false;
            for (ShelfItem item : items) {
                boolean changed = product(item);
                Optional<Price> before = priceOf(item);
                Optional<Price> fitting = before.filter(price -> fits(price, item));
                Price price = fitting.isPresent() ? fitting.get() : create(item, before);
                live = Boolean.TRUE.equals(price.getLivemode());
                boolean closed = closeOthers(item, price);
                placed.add(new ShelfReport.Placed(item, price.getId(), done(before, fitting, changed || closed)));
            }
            return new ShelfReport(live, placed, archive(items));
        } catch (StripeException e) {
            throw new PaymentVendorException("stripe catalogue: HTTP " + e.getStatusCode() + " " + e.getCode(), e);
        }
    }

    private static ShelfReport.Done done(Optional<Price> before, Optional<Price> fitting, boolean changed) {
        if (before.isEmpty()) {
            return ShelfReport.Done.CREATED;
        } else if (fitting.isEmpty()) {
            return ShelfReport.Done.REPRICED;
        }
        return changed ? ShelfReport.Done.UPDATED : ShelfReport.Done.KEPT;
    }

    /** One item, as a rule with a single look; the same as a sync would leave it. */
    ShelfReport.Placed place(ShelfItem item) throws StripeException {
        Optional<Price> before = priceOf(item);
        Optional<Price> fitting = before.filter(price -> fits(price, item));
        if (fitting.isPresent()) {
            return new ShelfReport.Placed(item, fitting.get().getId(), ShelfReport.Done.KEPT);
        }
        product(item);
        Price price = create(item, before);
        closeOthers(item, price);
        return new ShelfReport.Placed(item, price.getId(), done(before, fitting, true));
    }

    /** Our code of a product; empty when it is none of ours. */
    static String code(@Nullable String product) {
        return product != null && product.startsWith(OURS) ? product.substring(OURS.length()) : "";
    }

    /** Whether anything had to be done for its product. */
    private boolean product(ShelfItem item) throws StripeException {
        String id = OURS + item.code();
        Product product;
        try {
            product = client.v1().products().retrieve(id);
        } catch (InvalidRequestException e) {
            if (e.getStatusCode() != 404) {
                throw e;
            }
            client.v1()
                    .products()
                    .create(ProductCreateParams.builder()
                            .setId(id)
                            .setName(item.title())
                            .putMetadata(CODE, item.code())
                            .build());
            return true;
        }
        if (Boolean.TRUE.equals(product.getActive()) && item.title().equals(product.getName())) {
            return false;
        }
        client.v1()
                .products()
                .update(
                        id,
                        ProductUpdateParams.builder()
                                .setActive(true)
                                .setName(item.title())
                                .build());
        return true;
    }

    private Optional<Price> priceOf(ShelfItem item) throws StripeException {
        return client
                .v1()
                .prices()
                .list(PriceListParams.builder()
                        .addLookupKey(item.code())
                        .setActive(true)
                        .build())
                .getData()
                .stream()
                .findFirst();
    }

    private static boolean fits(Price price, ShelfItem item) {
        boolean monthly = price.getRecurring() != null
                && "month".equals(price.getRecurring().getInterval());
        return price.getUnitAmount() != null
                && price.getUnitAmount() == item.amountCents()
                && CURRENCY.equals(price.getCurrency())
                && monthly == item.monthly()
                && (OURS + item.code()).equals(price.getProduct());
    }

    /** The key says after which price this one comes: an amount may come back, and must then not be answered from before. */
    private Price create(ShelfItem item, Optional<Price> before) throws StripeException {
        PriceCreateParams.Builder params = PriceCreateParams.builder()
                .setProduct(OURS + item.code())
                .setCurrency(CURRENCY)
                .setUnitAmount(item.amountCents())
                .setLookupKey(item.code())
                .setTransferLookupKey(true);
        if (item.monthly()) {
            params.setRecurring(PriceCreateParams.Recurring.builder()
                    .setInterval(PriceCreateParams.Recurring.Interval.MONTH)
                    .build());
        }
        if (before.isEmpty()) {
            return client.v1().prices().create(params.build());
        }
        String key = "price:" + item.code() + ":" + item.amountCents() + ":after:"
                + before.get().getId();
        return client.v1()
                .prices()
                .create(
                        params.build(),
                        RequestOptions.builder().setIdempotencyKey(key).build());
    }

    private boolean closeOthers(ShelfItem item, Price price) throws StripeException {
        List<Price> others = new ArrayList<>();
        for (Price one : client.v1()
                .prices()
                .list(PriceListParams.builder()
                        .setProduct(OURS + item.code())
                        .setActive(true)
                        .setLimit(PAGE)
                        .build())
                .autoPagingIterable()) {
            if (!one.getId().equals(price.getId())) {
                others.add(one);
            }
        }
        for (Price other : others) {
            client.v1()
                    .prices()
                    .update(
                            other.getId(),
                            PriceUpdateParams.builder().setActive(false).build());
        }
        return !others.isEmpty();
    }

    /** Products of ours that are not sold any more; others of the account are left alone. */
    private List<String> archive(List<ShelfItem> items) throws StripeException {
        Set<String> sold = items.stream().map(item -> OURS + item.code()).collect(Collectors.toSet());
        List<Product> stale = new ArrayList<>();
        for (Product product : client.v1()
                .products()
                .list(ProductListParams.builder().setActive(true).setLimit(PAGE).build())
                .autoPagingIterable()) {
            Map<String, String> metadata = product.getMetadata();
            if (metadata != null && metadata.containsKey(CODE) && !sold.contains(product.getId())) {
                stale.add(product);
            }
        }
        for (Product product : stale) {
            client.v1()
                    .products()
                    .update(
                            product.getId(),
                            ProductUpdateParams.builder().setActive(false).build());
        }
        return stale.stream()
                .map(product -> product.getId().substring(OURS.length()))
                .toList();
    }
}
