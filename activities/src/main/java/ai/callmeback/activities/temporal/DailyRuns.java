package ai.callmeback.activities.temporal;

import ai.callmeback.workflows.pricing.PricingInput;
import ai.callmeback.workflows.pricing.PricingRefreshWorkflow;
import ai.callmeback.workflows.pricing.PricingWorkflows;
import ai.callmeback.workflows.reconcile.ReconciliationInput;
import ai.callmeback.workflows.reconcile.ReconciliationWorkflow;
import ai.callmeback.workflows.reconcile.ReconciliationWorkflows;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What runs each day; prices first, so that the reconciliation finds them as they are. */
@Configuration(proxyBeanMethods = false)
class DailyRuns {
    @Bean
    DailyRun dailyPrices() {
        return new DailyRun(
                PricingWorkflows.DAILY,
                4,
                PricingRefreshWorkflow.class,
                PricingInput.daily(),
                "Daily reading of prices");
    }

    @Bean
    DailyRun dailyReconciliation() {
        return new DailyRun(
                ReconciliationWorkflows.DAILY,
                5,
                ReconciliationWorkflow.class,
                ReconciliationInput.daily(),
                "Daily reconciliation");
    }
}
