package ai.callmeback.dev.cli;

import ai.callmeback.db.Database;
import ai.callmeback.db.DatabaseSettings;
import ai.callmeback.db.purchase.Catalogue;
import ai.callmeback.db.purchase.Product;
import ai.callmeback.db.purchase.StripePrices;
import ai.callmeback.dev.RunFile;
import ai.callmeback.dev.RunningDatabase;
import ai.callmeback.dev.env.Checkout;
import ai.callmeback.dev.env.DotEnv;
import ai.callmeback.dev.env.Settings;
import ai.callmeback.dev.env.Vendor;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.vendors.payment.ShelfItem;
import ai.callmeback.vendors.payment.ShelfReport;
import ai.callmeback.vendors.payment.StripeShelf;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.springframework.r2dbc.core.DatabaseClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;

/** Reads the catalogue from the database, brings it to Stripe, and keeps which price stands for which product. */
@Command(
        name = "sync",
        mixinStandardHelpOptions = true,
        description = {
            "Brings the catalogue to Stripe by lookup keys; the result is the same however often it runs. Takes the",
            "database of DATABASE_URL, else the one that runs in this checkout, and Stripe as set, else the simulator.",
            "Exit code: 0 done, 1 Stripe could not be asked or refused, 3 there is no database, or no Stripe."
        })
final class StripeSyncCommand implements Callable<Integer> {
    private static final int CENT_MICROS = 10_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        Console console = Console.ofThisCommand();
        Checkout checkout = Checkout.find();
        Settings settings = Settings.load(checkout);
        Optional<String> database = RunningDatabase.url(checkout, settings);
        Optional<VendorSettings.Stripe> stripe = stripe(checkout, settings);
        if (database.isEmpty() || stripe.isEmpty()) {
            console.line("set DATABASE_URL and STRIPE_SECRET_KEY, or start the local environment with ./callmeback up");
            return StatusCommand.NOTHING_RUNS;
        }
        try (Database open =
                Database.open(DatabaseSettings.parse(database.get()).withMaxConnections(1))) {
            DatabaseClient client = DatabaseClient.create(open.connectionFactory());
            List<ShelfItem> items = Objects.requireNonNull(new Catalogue(client)
                    .onSale()
                    .map(StripeSyncCommand::item)
                    .collectList()
                    .block(LIMIT));
            ShelfReport report = new StripeShelf(stripe.get()).sync(items);
            keep(new StripePrices(client), report);
            tell(console, report);
        }
        return 0;
    }

    private static Optional<VendorSettings.Stripe> stripe(Checkout checkout, Settings settings) throws IOException {
        if (!Vendor.STRIPE.simulated(settings.values())) {
            return Optional.of(new VendorSettings.Stripe(
                            Secret.of(settings.get("STRIPE_SECRET_KEY", "")),
                            Secret.NONE,
                            "",
                            URI.create(Vendor.STRIPE.baseIn(settings.values()))))
                    .filter(set -> set.secretKey().isSet());
        }
        Map<String, String> secrets = DotEnv.read(checkout.state().resolve("secrets.env"));
        return new RunFile(checkout.state())
                .read()
                .map(run -> run.path("simulators").asString())
                .filter(simulators -> !simulators.isBlank())
                .map(simulators -> new VendorSettings.Stripe(
                        Secret.of(secrets.getOrDefault("SIMULATED_STRIPE_SECRET_KEY", "")),
                        Secret.NONE,
                        "",
                        URI.create(simulators + "/stripe")));
    }

    private static ShelfItem item(Product product) {
        return new ShelfItem(
                product.code(),
                product.title(),
                product.price().amountMicros() / CENT_MICROS,
                product.kind() == Product.Kind.PLAN);
    }

    private static void keep(StripePrices prices, ShelfReport report) {
        Flux.fromIterable(report.placed())
                .concatMap(placed -> prices.keep(
                        placed.item().code(),
                        report.live(),
                        placed.priceId(),
                        new UsdMicros(placed.item().amountCents() * CENT_MICROS),
                        Instant.now()))
                .blockLast(LIMIT);
    }

    private void tell(Console console, ShelfReport report) {
        for (ShelfReport.Placed placed : report.placed()) {
            console.line("%-9s %-14s $%d.%02d%s  %s"
                    .formatted(
                            done(placed),
                            placed.item().code(),
                            placed.item().amountCents() / 100,
                            placed.item().amountCents() % 100,
                            placed.item().monthly() ? " a month" : "",
                            placed.priceId()));
        }
        report.archived().forEach(code -> console.line("%-9s %s".formatted("archived", code)));
        console.line("Prices for " + (report.live() ? "real money." : "test money."));
        if (json) {
            console.json(Map.of(
                    "live",
                    report.live(),
                    "prices",
                    report.placed().stream()
                            .map(placed -> Map.of(
                                    "code", placed.item().code(), "priceId", placed.priceId(), "done", done(placed)))
                            .toList(),
                    "archived",
                    report.archived()));
        }
    }

    private static String done(ShelfReport.Placed placed) {
        return placed.done().name().toLowerCase(Locale.ROOT);
    }
}
