package ai.callmeback.api.purchase;

import ai.callmeback.db.purchase.Catalogue;
import ai.callmeback.db.purchase.Product;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What is for sale, for anybody. */
@RestController
@RequestMapping("/api/catalogue")
@Tag(name = "Purchases")
class CatalogueController {
    private final Catalogue catalogue;

    CatalogueController(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Schema(name = "Product")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record ProductView(
            String code,
            String kind,
            String title,
            BigDecimal priceUsd,
            @Nullable Long seconds,
            @Nullable Integer expiresAfterDays,

            @Schema(
                    description = "by_the_second, or whole_length: once more than half of a call's planned length was"
                            + " used, all of it is charged")
            String chargePolicy,

            @Nullable Integer callsPerPeriod,
            @Nullable BigDecimal furtherCallUsd,
            @Nullable Integer fairUseWarningCalls,
            @Nullable Integer fairUseLimitCalls,
            Map<String, Integer> entitlements,
            boolean purchasable) {
        static ProductView of(Product product) {
            return new ProductView(
                    product.code(),
                    product.kind().name().toLowerCase(Locale.ROOT),
                    product.title(),
                    dollars(product.price().toUsd()),
                    product.seconds(),
                    product.expiresAfterDays(),
                    product.chargePolicy().code(),
                    product.callsPerPeriod(),
                    product.furtherCall() == null
                            ? null
                            : dollars(product.furtherCall().toUsd()),
                    product.fairUseWarningCalls(),
                    product.fairUseLimitCalls(),
                    product.entitlements(),
                    product.kind() != Product.Kind.PLAN);
        }
    }

    @Schema(name = "Catalogue")
    record CatalogueView(String currency, List<ProductView> products) {}

    @GetMapping
    @SecurityRequirements
    @Operation(operationId = "getCatalogue", summary = "Packs, single calls, extensions and plans, with their prices")
    Mono<CatalogueView> catalogue() {
        return catalogue
                .onSale()
                .map(ProductView::of)
                .collectList()
                .map(products -> new CatalogueView("usd", products));
    }

    static BigDecimal dollars(BigDecimal amount) {
        return amount.setScale(2, RoundingMode.HALF_EVEN);
    }
}
