# What a function gets with Warmkey, by Terraform or OpenTofu: the layer, its variables, and what its
# role may do. rules.json says how, written from what `warmkey attach` and `warmkey policy` use.
#
# It has no resources and asks no provider: what comes of it goes into your own. The secrets are
# named here, never read, so their values get into no state.
terraform {
  required_version = ">= 1.3"
}

locals {
  rules = jsondecode(file("${path.module}/rules.json"))
  arn   = split(":", var.layer_arn)
  place = {
    partition = local.arn[1]
    region    = local.arn[3]
    account   = var.account_id == "" ? local.arn[4] : var.account_id
  }

  variables = merge(
    { for alias, reference in var.secrets : alias => "${local.rules.mark}${reference}" },
    var.stage == "" ? {} : { (local.rules.stage) = var.stage },
    length(var.stages) == 0 ? {} : {
      (local.rules.stages) = join(",", [for stage, target in var.stages : "${stage}=${target}"])
    },
    var.exec ? { (local.rules.wrapper.variable) = local.rules.wrapper.value } : {},
  )
}

# What is declared in the stage, with {stage} filled in.
locals {
  config = jsondecode(var.config)
  known  = try(local.config.stages, {})
  stage  = length(local.known) == 0 || can(local.known[var.stage]) ? var.stage : try(local.config.fallback, "")
  target = length(var.stages) == 0 ? local.stage : try(
    var.stages[var.stage], var.stages[local.stage], var.stages["*"], ""
  )

  declared = [
    for alias, given in merge(try(local.config.secrets, {}), try(local.known[local.stage], {}), var.secrets) : {
      text  = replace(try(given.ref, given), "{stage}", local.target)
      needs = local.target == "" && can(regex("\\{stage}", try(given.ref, given)))
      role  = try(given.roleArn, regex("[?&]roleArn=([^&#]+)", given)[0], "")
    }
  ]
  references = flatten([
    for each in local.declared : [
      for text in concat([each.text], try([
        replace(local.rules.through.reference, "{1}", regex(local.rules.through.pattern, regex("^[^?#]*", each.text))[0])
      ], [])) : { text = text, role = each.role }
    ]
  ])
}

# The permission that each takes, by the first form that it has.
locals {
  matched = [
    for each in local.references : {
      form = concat([
        for form in local.rules.forms : form if can(regex(form.pattern, regex("^[^?#]*", each.text)))
      ], [local.rules.forms[0]])[0] # what has no form is refused by the outputs
      text    = regex("^[^?#]*", each.text)
      current = !can(regex("[?&]version(Id|Stage)=", each.text))
    } if each.role == ""
  ]
  grouped = {
    for each in [
      for each in local.matched : merge(each.form, {
        current = each.current
        groups  = [for group in concat(try(regex(each.form.pattern, each.text), []), [null, null]) : group == null ? "" : group]
      })
    ] :
    replace(replace(replace(replace(replace(each.arn,
      "{partition}", local.place.partition), "{service}", each.service), "{region}", local.place.region),
    "{account}", local.place.account), "{1}", each.groups[0]) => each...
  }
  sources = [
    for arn, some in local.grouped : {
      arn       = arn
      service   = some[0].service
      statement = some[0].statement
      actions   = some[0].actions
      context   = "${arn}${some[0].below}"
      region    = some[0].region == "" ? local.place.region : some[0].groups[1]
      current   = anytrue(some[*].current)
    }
  ]
  roles = distinct([for each in local.references : each.role if each.role != ""])
}

# The policy.
locals {
  by_statement = { for each in local.sources : each.statement => each... }
  by_via       = { for each in local.sources : "${each.service}.${each.region}.amazonaws.com" => each... }
  batches = [
    for service, about in local.rules.services : about.batch
    if about.batch != "" &&
    length([for each in local.sources : each if each.service == service]) > local.rules.connections &&
    length([for each in local.sources : each if each.service == service && each.current]) > 1
  ]
  alias = try(regex("(?:^|:)(alias/.+)$", var.kms_key)[0], "")
  keys  = "arn:${local.place.partition}:kms:${local.place.region}:${local.place.account}:key"
  key   = local.alias != "" ? "${local.keys}/*" : startswith(var.kms_key, "arn:") ? var.kms_key : "${local.keys}/${var.kms_key}"

  contexts = {
    for via, some in local.by_via : via => {
      "kms:EncryptionContext:${local.rules.services[some[0].service].context}" = sort(some[*].context)
    }
  }

  reads = [
    for name, some in local.by_statement : {
      Sid      = name
      Effect   = "Allow"
      Action   = some[0].actions
      Resource = sort(some[*].arn)
    }
  ]
  together = [
    for actions in [local.batches] : {
      Sid      = "ReadSecretsTogether"
      Effect   = "Allow"
      Action   = actions
      Resource = "*"
    } if length(actions) > 0
  ]
  decryptions = [
    for via, some in local.by_via : {
      Sid      = "Decrypt${index(keys(local.by_via), via) + 1}"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = [local.key]
      Condition = {
        for operator, keys in {
          "ForAnyValue:StringEquals" = local.alias == "" ? {} : { "kms:ResourceAliases" = [local.alias] }
          StringEquals = merge(
            { "kms:ViaService" = [via] },
            can(regex("[*?]", join("", some[*].context))) ? {} : local.contexts[via],
          )
          StringLike = can(regex("[*?]", join("", some[*].context))) ? local.contexts[via] : {}
        } : operator => keys if length(keys) > 0
      }
    } if var.kms_key != ""
  ]
  assumptions = [
    for roles in [local.roles] : {
      Sid      = "AssumeRoles"
      Effect   = "Allow"
      Action   = ["sts:AssumeRole"]
      Resource = sort(roles)
    } if length(roles) > 0
  ]
  statements = concat(local.reads, local.together, local.decryptions, local.assumptions)

  reserved = setintersection(keys(var.secrets), local.rules.reserved)
  unnamed  = [for alias in keys(var.secrets) : alias if !can(regex(local.rules.alias, alias))]
  strange = [
    for each in local.references : each.text
    if !anytrue([for form in local.rules.forms : can(regex(form.pattern, regex("^[^?#]*", each.text)))])
  ]
}
