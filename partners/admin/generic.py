"""Django's classes as types and at run time: the stubs make them generic, Django itself does not."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.paginator import Paginator

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyTabularInline = admin.TabularInline[Any, Any]
    AnyModelForm = forms.ModelForm[Any]
    AnyInlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
    AnyFormSet = forms.BaseFormSet[Any]
    AnyStackedInline = admin.StackedInline[Any, Any]
    AnyPaginator = Paginator[Any]
    AnyUserAdmin = UserAdmin[Any]
else:
    AnyModelAdmin, AnyTabularInline = admin.ModelAdmin, admin.TabularInline
    AnyModelForm, AnyPaginator, AnyUserAdmin = forms.ModelForm, Paginator, UserAdmin
    AnyInlineFormSet, AnyFormSet = forms.BaseInlineFormSet, forms.BaseFormSet
    AnyStackedInline = admin.StackedInline
